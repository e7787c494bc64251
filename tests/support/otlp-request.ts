import protobuf from 'protobufjs';

/**
 * OTLP as opentelemetry-proto 1.x publishes it, as far as senders of spans need it: written down apart from what the
 * receiver reads, so that both must mean the same field numbers.
 */
const { root } = protobuf.parse(`
  syntax = "proto3";
  message ExportTraceServiceRequest { repeated ResourceSpans resource_spans = 1; }
  message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
  message Resource { repeated KeyValue attributes = 1; }
  message ScopeSpans { repeated Span spans = 2; }
  message Span {
    bytes trace_id = 1;
    bytes span_id = 2;
    bytes parent_span_id = 4;
    string name = 5;
    int32 kind = 6;
    fixed64 start_time_unix_nano = 7;
    fixed64 end_time_unix_nano = 8;
    repeated KeyValue attributes = 9;
    repeated Event events = 11;
    Status status = 15;
  }
  message Event { fixed64 time_unix_nano = 1; string name = 2; repeated KeyValue attributes = 3; }
  message Status { string message = 2; int32 code = 3; }
  message KeyValue { string key = 1; AnyValue value = 2; }
  message AnyValue {
    oneof value { string string_value = 1; bool bool_value = 2; int64 int_value = 3; double double_value = 4; }
  }`);
const request = root.lookupType('ExportTraceServiceRequest');

/** A request in the shape of OTLP's JSON, with ids as bytes, in protocol buffers. */
export const encodeRequest = (spans: Record<string, unknown>): Uint8Array =>
  request.encode(request.fromObject(spans)).finish();
