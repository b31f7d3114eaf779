import Foundation

/// libFuzzer's entry: the input is a journal, read as it is and with the seals made right, so that the fuzzer gets past
/// the checksum into the decoder.
///
/// Whatever it holds, the reader returns; what it read can be written again and read back as the same events.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Data(UnsafeBufferPointer(start: bytes, count: count))
  check(input)
  let lines = input.split(separator: UInt8(ascii: "\n")).filter { $0.last == UInt8(ascii: "}") }
  check(lines.reduce(into: Data()) { $0 += SealedText.seal($1) + Data("\n".utf8) })
  return 0
}

private func check(_ data: Data) {
  let journal = Journal(data, file: "journal.jsonl")
  precondition(journal.intactBytes + journal.tornBytes <= data.count, "\(journal.intactBytes) of \(data.count)")
  precondition(journal.events.count == journal.ends.count && journal.ends == journal.ends.sorted())
  precondition(journal.damage != nil || journal.intactBytes + journal.tornBytes == data.count, "bytes unaccounted for")
  let again = journal.events.reduce(into: Data()) { $0 += try! JournalWriter.line($1, file: "journal.jsonl") }
  precondition(Journal(again, file: "journal.jsonl").events == journal.events, "another journal was read back")
}
