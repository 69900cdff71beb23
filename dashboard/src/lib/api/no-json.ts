/**
 * Stands in for protobuf-es's reading of JSON in the browser's bundle: the page speaks gRPC-web, whose messages are binary, and what
 * answers hold as JSON (a Struct) comes in binary too. Saves 3 kB gzip.
 */
function none(): never {
  throw new TypeError("messages come in binary");
}
export {
  none as enumFromJson,
  none as fromJson,
  none as fromJsonString,
  none as isEnumJson,
  none as mergeFromJson,
  none as mergeFromJsonString,
};
