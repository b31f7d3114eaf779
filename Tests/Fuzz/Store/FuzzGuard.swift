import Foundation

/// libFuzzer's entry: the input is the first 512 bytes of a checkpoint, as it is and with its seal made right.
///
/// Whatever it holds, the reader returns; a guard that it accepts is spelled exactly like this.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Data(UnsafeBufferPointer(start: bytes, count: count))
  check(input)
  let text = input.prefix { $0 != 0 }.prefix(GuardedFile.blockLength - 15)
  let sealed = text + Data("crc32 \(CRC32.of(text).hexadecimal)\n".utf8)
  check(sealed + Data(count: GuardedFile.blockLength - sealed.count))
  return 0
}

private func check(_ block: Data) {
  guard let header = try? GuardedFile(block: block, kind: .checkpoint, file: "last.h5") else { return }
  precondition(header.block == block, "accepted in another spelling")
  precondition(header.bytes >= 0 && header.planIdentity.utf8.count == 64)
}
