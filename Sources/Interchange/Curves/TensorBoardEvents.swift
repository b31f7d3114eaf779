import Foundation
import Protobuf
import System

/// A file of events as TensorBoard reads them: records of TFRecord, each an `Event` of TensorFlow's event.proto. The first
/// says which version of the format it is.
///
/// A record is its length (8 bytes), the length's checksum, the event, the event's checksum; checksums are CRC-32C, turned
/// by 15 bits and shifted by a constant, so that a checksum over bytes that hold checksums is none of theirs.
package struct TensorBoardEvents: Sendable {
  /// What has been written so far.
  package private(set) var data = Data()

  /// - Parameter time: of the first event, in seconds since 1970.
  package init(time: Double) {
    append(time: time, step: nil) { $0.string(3, "brain.Event:2") }
  }

  /// A file's name: TensorBoard knows event files by it.
  package static func fileName(time: Double) -> String {
    "events.out.tfevents.\(String(format: "%010d", Int(time))).safnet"
  }

  /// A number at a step. Event files hold single precision.
  package mutating func scalar(_ tag: String, _ value: Double, step: Int, time: Double) {
    summary(tag, step: step, time: time) { $0.float(2, Float(value)) }
  }

  /// A text in Markdown.
  package mutating func text(_ tag: String, _ text: String, step: Int, time: Double) {
    summary(tag, step: step, time: time) { value in
      value.message(9) { $0.message(1) { $0.string(1, "text") } }
      value.message(8) { tensor in
        tensor.integer(1, Self.stringType)
        tensor.message(2) { $0.message(2) { $0.integer(1, 1) } }
        tensor.string(8, text)
      }
    }
  }

  /// `DT_STRING` of types.proto.
  private static let stringType = 7

  private mutating func summary(_ tag: String, step: Int, time: Double, _ body: (inout ProtobufWriter) -> Void) {
    append(time: time, step: step) { event in
      event.message(5) { summary in
        summary.message(1) { value in
          value.string(1, tag)
          body(&value)
        }
      }
    }
  }

  private mutating func append(time: Double, step: Int?, _ body: (inout ProtobufWriter) -> Void) {
    var event = ProtobufWriter()
    event.double(1, time)
    if let step { event.integer(2, step) }
    body(&event)
    let length = withUnsafeBytes(of: UInt64(event.data.count).littleEndian) { Data($0) }
    data += length + Self.checksum(length) + event.data + Self.checksum(event.data)
  }

  private static func checksum(_ bytes: Data) -> Data {
    let sum = CRC32.of(bytes, .castagnoli).value
    return withUnsafeBytes(of: ((sum >> 15 | sum << 17) &+ 0xA282_EAD8).littleEndian) { Data($0) }
  }
}
