"""School, company and family: association tables with additional columns."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import text

from pydb import Database
from pydb.errors import CheckViolation, ForeignKeyViolation
from pydb.sample import (
    Activity,
    Child,
    Department,
    DepartmentEmployee,
    Employee,
    Enrollment,
    Parent,
    ParentChild,
    ParentKind,
    Student,
    activities,
    children,
    departments,
    employees,
    enrollments,
    parents,
    students,
)


@pytest.fixture
def school(db: Database) -> Database:
    """Dana has left chess, and is in the choir and in robotics; Omar is in chess."""
    with db.begin() as conn:
        dana, omar = (Student.create(conn, name=name) for name in ("Dana", "Omar"))
        chess, choir, robotics = (Activity.create(conn, name=name) for name in ("Chess", "Choir", "Robotics"))
        for student, activity, start, end in (
            (dana, chess, date(2023, 9, 1), date(2024, 6, 30)),
            (dana, choir, date(2024, 9, 1), None),
            (dana, robotics, date(2024, 2, 1), None),
            (omar, chess, date(2023, 10, 1), None),
        ):
            Enrollment.create(conn, student_id=student.id, activity_id=activity.id, start_date=start, end_date=end)
    return db


def test_current_and_past_activities_of_a_student(school: Database) -> None:
    """Two statements return the current and the past activities of a student."""
    with school.read() as conn:
        current = activities.current_of_student(conn, student_id=1)
        past = activities.past_of_student(conn, student_id=1)
        assert [student.name for student in students.in_activity(conn, activity_id=1)] == ["Omar"]
    assert [(row.name, row.end_date) for row in current] == [("Robotics", None), ("Choir", None)]
    assert [(row.name, row.end_date) for row in past] == [("Chess", date(2024, 6, 30))]


def test_finishing_an_activity_makes_it_past(school: Database) -> None:
    """An enrollment with an end date is not current, and cannot end before it begins."""
    with school.begin() as conn:
        enrollment = enrollments.by_key(conn, student_id=1, activity_id=2)
        assert enrollment is not None
        with pytest.raises(CheckViolation) as caught, conn.begin_nested():
            enrollment.finish(conn, end_date=date(2024, 8, 31))
        assert caught.value.constraint == "enrollments_end_date_check"
        finished = enrollment.finish(conn, end_date=date(2025, 6, 30))
        assert finished is not None
        assert finished.end_date == date(2025, 6, 30)
        assert [row.name for row in activities.past_of_student(conn, student_id=1)] == ["Choir", "Chess"]


def test_deleting_a_student_deletes_the_enrollments(school: Database) -> None:
    """Deleting a student deletes the student's enrollments and no others."""
    with school.begin() as conn:
        student = students.by_id(conn, id=1)
        assert student is not None
        assert student.delete(conn)
        assert [(row.student_id, row.activity_id) for row in enrollments.list_all(conn)] == [(2, 1)]


def test_deleting_an_activity_with_enrollments_is_refused(school: Database) -> None:
    """An activity with enrollments, also past ones, cannot be deleted; one without enrollments can."""
    with school.begin() as conn:
        chess = activities.by_id(conn, id=1)
        assert chess is not None
        with pytest.raises(ForeignKeyViolation), conn.begin_nested():
            chess.delete(conn)
        assert activities.by_id(conn, id=1) == chess
        assert Activity.create(conn, name="Empty").delete(conn)


@pytest.fixture
def company(db: Database) -> Database:
    """Ruth works in two departments, Avi in one."""
    with db.begin() as conn:
        research, engineering = (Department.create(conn, name=name) for name in ("Research", "Engineering"))
        ruth = Employee.create(conn, name="Ruth")
        avi = Employee.create_hired_on(conn, name="Avi", hired_on=date(1999, 12, 31))
        for department, employee, title in (
            (research, ruth, "Adviser"),
            (engineering, ruth, "Administrator"),
            (research, avi, "Head"),
        ):
            DepartmentEmployee.create(conn, department_id=department.id, employee_id=employee.id, job_title=title)
    return db


def test_departments_of_an_employee_with_the_title(company: Database) -> None:
    """The departments of an employee are returned with the employee's title in each."""
    with company.read() as conn:
        rows = departments.of_employee(conn, employee_id=1)
    assert [(row.name, row.job_title) for row in rows] == [("Engineering", "Administrator"), ("Research", "Adviser")]


def test_departments_with_their_employees(company: Database) -> None:
    """Every department is returned with its employees; a department without employees has an empty list."""
    with company.begin() as conn:
        Department.create(conn, name="Archive")
        found = {
            item.name: [(e.name, e.job_title) for e in item.employees] for item in departments.with_employees(conn)
        }
        assert found["Archive"] == []
        for department in departments.list_all(conn):
            assert found[department.name] == [
                (row.name, row.job_title) for row in employees.of_department(conn, department_id=department.id)
            ]


def test_employees_of_a_department_with_the_title(company: Database) -> None:
    """The employees of a department are returned with their titles and hire dates."""
    with company.read() as conn:
        rows = employees.of_department(conn, department_id=1)
    assert [(row.name, row.job_title) for row in rows] == [("Ruth", "Adviser"), ("Avi", "Head")]
    assert rows[1].hired_on == date(1999, 12, 31)


def test_an_employee_gets_another_title(company: Database) -> None:
    """An upsert of the association changes its title, and adds no second one."""
    with company.begin() as conn:
        DepartmentEmployee.upsert(conn, department_id=1, employee_id=1, job_title="Senior adviser")
        rows = employees.of_department(conn, department_id=1)
    assert [row.job_title for row in rows] == ["Senior adviser", "Head"]


@pytest.fixture
def family(db: Database) -> Database:
    """Noa is Yael's biological parent and Adam's step parent; Uri is Adam's biological parent."""
    with db.begin() as conn:
        noa, uri = (Parent.create(conn, name=name) for name in ("Noa", "Uri"))
        yael, adam = (Child.create(conn, name=name) for name in ("Yael", "Adam"))
        for parent, child, kind in (
            (noa, yael, ParentKind.BIOLOGICAL),
            (noa, adam, ParentKind.STEP),
            (uri, adam, ParentKind.BIOLOGICAL),
        ):
            ParentChild.create(conn, parent_id=parent.id, child_id=child.id, kind=kind)
    return db


def test_children_of_a_parent_with_the_kind(family: Database) -> None:
    """The same person is a biological parent to one child and a step parent to another."""
    with family.read() as conn:
        rows = [(row.name, row.kind) for row in children.of_parent(conn, parent_id=1)]
        both = [(row.name, row.kind) for row in parents.of_child(conn, child_id=2)]
    assert rows == [("Yael", ParentKind.BIOLOGICAL), ("Adam", ParentKind.STEP)]
    assert both == [("Noa", ParentKind.STEP), ("Uri", ParentKind.BIOLOGICAL)]


def test_removing_one_link_removes_only_the_link(family: Database) -> None:
    """Removing the association keeps parent and child, and their other associations."""
    with family.begin() as conn:
        link = ParentChild(parent_id=1, child_id=2, kind=ParentKind.STEP)
        assert link.remove(conn)
        assert not link.remove(conn)
        assert [row.name for row in children.of_parent(conn, parent_id=1)] == ["Yael"]
        assert [row.name for row in parents.of_child(conn, child_id=2)] == ["Uri"]
        assert len(children.list_all(conn)) == len(parents.list_all(conn)) == 2


def test_a_third_kind_of_parent_is_refused(family: Database) -> None:
    """The kind must be one of a fixed set, also in SQL that does not come from Python."""
    with pytest.raises(CheckViolation) as caught, family.begin() as conn:
        conn.execute(text("UPDATE parent_child_association SET kind = 'adoptive'"))
    assert caught.value.constraint == "parent_child_association_kind_check"
