/**
 * Stands in for `buf/validate/validate.proto` in the browser's bundle: the generated stubs name the file as a dependency
 * of their descriptors, but only the server reads its rules. An empty file of the same name satisfies them.
 */
import { create, toBinary } from "@bufbuild/protobuf";
import { fileDesc } from "@bufbuild/protobuf/codegenv2";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";

const empty = create(FileDescriptorProtoSchema, {
  name: "buf/validate/validate.proto",
  package: "buf.validate",
  syntax: "proto2",
});

export const file_buf_validate_validate = fileDesc(base64(toBinary(FileDescriptorProtoSchema, empty)));

function base64(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}
