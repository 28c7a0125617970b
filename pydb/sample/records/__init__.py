"""The records of the sample, one module per .sql file, and ``queries``: the statements that return them."""

from __future__ import annotations

from pydb.execution import load
from pydb.sample.files import SQL
from pydb.sample.records.activities import Activity, ActivityOfStudent
from pydb.sample.records.blog_post_tag_association import BlogPostTag
from pydb.sample.records.blog_posts import BlogPost, PostOverview, PostWithAuthor
from pydb.sample.records.books import Book
from pydb.sample.records.cars import Car
from pydb.sample.records.children import Child, ChildOfParent
from pydb.sample.records.comments import Comment, CommentInThread
from pydb.sample.records.department_employee_association import DepartmentEmployee
from pydb.sample.records.departments import Department, DepartmentOfEmployee
from pydb.sample.records.employees import Employee, EmployeeOfDepartment
from pydb.sample.records.enrollments import Enrollment
from pydb.sample.records.message_type_lookup import MessageType
from pydb.sample.records.messages import Message, MessageWithType
from pydb.sample.records.parent_child_association import ParentChild
from pydb.sample.records.parents import Parent, ParentOfChild
from pydb.sample.records.products import Product
from pydb.sample.records.profiles import Profile, UserWithProfile
from pydb.sample.records.reports_authors import AuthorRank, AuthorSilence
from pydb.sample.records.reports_enrollments import EnrollmentMonth
from pydb.sample.records.reports_stock import StockMonth, StockValue
from pydb.sample.records.reports_tags import TagWord
from pydb.sample.records.students import Student
from pydb.sample.records.tags import Tag
from pydb.sample.records.user_message_association import UserMessage
from pydb.sample.records.users import User, UserWithPost

__all__ = [
    "Activity",
    "ActivityOfStudent",
    "AuthorRank",
    "AuthorSilence",
    "BlogPost",
    "BlogPostTag",
    "Book",
    "Car",
    "Child",
    "ChildOfParent",
    "Comment",
    "CommentInThread",
    "Department",
    "DepartmentEmployee",
    "DepartmentOfEmployee",
    "Employee",
    "EmployeeOfDepartment",
    "Enrollment",
    "EnrollmentMonth",
    "Message",
    "MessageType",
    "MessageWithType",
    "Parent",
    "ParentChild",
    "ParentOfChild",
    "PostOverview",
    "PostWithAuthor",
    "Product",
    "Profile",
    "StockMonth",
    "StockValue",
    "Student",
    "Tag",
    "TagWord",
    "User",
    "UserMessage",
    "UserWithPost",
    "UserWithProfile",
    "queries",
]

queries = load(
    SQL,
    records=(
        Activity,
        ActivityOfStudent,
        AuthorRank,
        AuthorSilence,
        BlogPost,
        BlogPostTag,
        Book,
        Car,
        Child,
        ChildOfParent,
        Comment,
        CommentInThread,
        Department,
        DepartmentEmployee,
        DepartmentOfEmployee,
        Employee,
        EmployeeOfDepartment,
        Enrollment,
        EnrollmentMonth,
        Message,
        MessageType,
        MessageWithType,
        Parent,
        ParentChild,
        ParentOfChild,
        PostOverview,
        PostWithAuthor,
        Product,
        Profile,
        StockMonth,
        StockValue,
        Student,
        Tag,
        TagWord,
        User,
        UserMessage,
        UserWithPost,
        UserWithProfile,
    ),
)
