from google.protobuf import descriptor_pb2 as _descriptor_pb2
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    SCOPE_UNSPECIFIED: _ClassVar[Scope]
    SCOPE_READ: _ClassVar[Scope]
    SCOPE_WORK: _ClassVar[Scope]
    SCOPE_MANAGE: _ClassVar[Scope]
    SCOPE_EDIT: _ClassVar[Scope]

class Role(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ROLE_UNSPECIFIED: _ClassVar[Role]
    ROLE_VIEWER: _ClassVar[Role]
    ROLE_WORKER: _ClassVar[Role]
    ROLE_EDITOR: _ClassVar[Role]
    ROLE_ADMIN: _ClassVar[Role]
SCOPE_UNSPECIFIED: Scope
SCOPE_READ: Scope
SCOPE_WORK: Scope
SCOPE_MANAGE: Scope
SCOPE_EDIT: Scope
ROLE_UNSPECIFIED: Role
ROLE_VIEWER: Role
ROLE_WORKER: Role
ROLE_EDITOR: Role
ROLE_ADMIN: Role
SCOPE_FIELD_NUMBER: _ClassVar[int]
scope: _descriptor.FieldDescriptor
PEOPLE_ONLY_FIELD_NUMBER: _ClassVar[int]
people_only: _descriptor.FieldDescriptor
TRIAL_STEP_FIELD_NUMBER: _ClassVar[int]
trial_step: _descriptor.FieldDescriptor
