import Foundation
import Interchange
import System
import Testing

/// Event files by their bytes; `Golden/tensorboard_oracle.py` reads whole ones with TensorBoard.
@Suite struct TensorBoardTests {
  /// The events of a file, after a check of both checksums of each.
  private func events(_ data: Data) throws -> [ProtobufReader] {
    func word(_ place: Int) -> UInt32 { data[place..<place + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) } }
    func masked(_ bytes: Data) -> UInt32 {
      let sum = CRC32.of(bytes, .castagnoli).value
      return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    }
    var (place, events): (Int, [ProtobufReader]) = (0, [])
    while place < data.count {
      let length = Int(word(place))
      #expect(word(place + 4) == 0 && word(place + 8) == masked(data[place..<place + 8]))
      let event = data[place + 12..<place + 12 + length]
      #expect(word(place + 12 + length) == masked(event))
      events.append(try ProtobufReader(Data(event)))
      place += 16 + length
    }
    return events
  }

  @Test func aFileBeginsWithItsVersionAndHoldsItsNumbers() throws {
    var file = TensorBoardEvents(time: 12.5)
    file.scalar("training/loss", 0.1, step: 3, time: 13)
    file.text("plan", "words", step: 0, time: 12.5)
    let events = try events(file.data)
    #expect(events.count == 3)
    #expect(events[0].strings(3) == ["brain.Event:2"] && events[0].fields[0].value == .fixed64(12.5.bitPattern))
    let scalar = try #require(try events[1].messages(5).first?.messages(1).first)
    #expect(events[1].integers(2) == [3] && scalar.strings(1) == ["training/loss"])
    #expect(scalar.fields.last?.value == .fixed32(Float(0.1).bitPattern))
    let text = try #require(try events[2].messages(5).first?.messages(1).first)
    #expect(try text.messages(8).first?.strings(8) == ["words"])
    #expect(try text.messages(9).first?.messages(1).first?.strings(1) == ["text"])
    #expect(TensorBoardEvents.fileName(time: 12.5) == "events.out.tfevents.0000000012.safnet")
  }
}
