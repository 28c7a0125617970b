"""The end of a CREATE statement of MariaDB that may have a body."""

from __future__ import annotations

import pytest

from pydb.sqlfile.script import statements

WHOLE = [
    "CREATE PROCEDURE p() BEGIN END",
    "CREATE PROCEDURE p() BEGIN SELECT begin; SELECT end FROM t; END",
    "CREATE PROCEDURE p() l: BEGIN LEAVE l; END l",
    "CREATE PROCEDURE p() BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN SELECT 1; END; SELECT 2; END",
    "CREATE PROCEDURE p() BEGIN IF a THEN BEGIN SELECT 1; END; ELSE SELECT 2; END IF; END",
    "CREATE PROCEDURE p() BEGIN CASE a WHEN 1 THEN SELECT CASE WHEN b THEN end END; END CASE; WHILE 0 DO SELECT 1; "
    "END WHILE; END",
    "CREATE DEFINER = `a`@`b` FUNCTION f(begin int) RETURNS varchar(9) CHARACTER SET utf8 DETERMINISTIC "
    "COMMENT 'c' BEGIN RETURN 1; END",
    "CREATE FUNCTION f() RETURNS SET('a') BEGIN RETURN 'a'; END",
    "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN SELECT 1; SELECT 2; END",
    "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SELECT 1; "
    "END */",
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW FOLLOWS u BEGIN SET @a = 1; END",
    "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET NEW.begin = NEW.end",
    "CREATE FUNCTION begin(end int) RETURNS int DETERMINISTIC RETURN CASE end WHEN 1 THEN 2 END",
    "CREATE EVENT begin ON SCHEDULE EVERY 1 DAY DO UPDATE a SET begin = 1",
    "CREATE TABLE event (begin int, end int)",
]


@pytest.mark.parametrize("body", WHOLE)
def test_bodies(body: str) -> None:
    """A statement ends with its body, and BEGIN and END may be names."""
    assert [text for _, text in statements(f"{body};\nSELECT 1;", "mariadb")] == [body, "SELECT 1"]
