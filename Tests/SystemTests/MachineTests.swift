import Foundation
import System
import TestSupport
import Testing

@Suite struct MachineTests {
  @Test func availableMemoryIsReadFromTheSystem() {
    #expect(Machine.availableMemory(meminfo: "MemTotal: 9 kB\nMemAvailable:     24 kB\n") == 24576)
    #expect(Machine.availableMemory(meminfo: "MemTotal: 9 kB\n") == nil)
    #expect(Machine.current().freeMemory > 1 << 20)
  }

  @Test func offersNoMoreThanItIs() {
    let (offer, whole) = (Machine.current(), MachineDescription.current())
    #expect((1...whole.cores).contains(offer.cores) && offer.freeMemory <= whole.memory)
    #expect(whole.cpu != "unknown" && !whole.host.isEmpty && whole.system.contains("kernel "))
    #expect(Machine.load ?? 0 >= 0)
  }

  /// A workspace that does not exist yet.
  @Test func freeDiskIsThatOfTheNearestParent() throws {
    try withTemporaryFolder { folder in
      let deep = try #require(Machine.freeDisk(at: folder.appending(path: "a/b")))
      #expect(deep > 0 && abs(deep - Machine.freeDisk(at: folder)!) < 1 << 30)
    }
  }

  /// Of network and FUSE file systems: nothing of nothing, -1, more than can be counted, more than there is.
  @Test(
    arguments: [
      (0, 0, 4096, nil), (UInt.max, UInt.max, 4096, nil), (1 << 55, 1 << 55, 4096, nil), (1 << 52, 1 << 51, 4096, nil),
      (10, 11, 1, nil), (10, 10, 0, nil), (10, 0, 4096, 0), (10, 3, 4096, 12288), (1 << 51, 1 << 50, 4096, 1 << 62),
    ] as [(UInt, UInt, UInt, Int?)])
  func anAnswerWithoutSenseIsUnknown(blocks: UInt, available: UInt, size: UInt, expected: Int?) {
    #expect(Machine.freeBytes(blocks: blocks, available: available, blockSize: size) == expected)
  }

  @Test func memoryOfThisProcess() {
    let now = ProcessMemory.now(ofProcess: "self")
    #expect(now > 1 << 20 && ProcessMemory.peak(ofProcess: "self") >= now && ProcessMemory.faults() > 0)
    #expect(ProcessMemory.peak(ofProcess: "none") == 0)
  }

  @Test func programsAreFoundByProcessAndByName() {
    #expect(ProgramFile.path(ofProcess: getpid()) == ProgramFile.current.path)
    #expect(ProgramFile.path(ofProcess: -1) == nil)
    #expect(ProgramFile.find("sh", in: "/nowhere:/bin")?.path == "/bin/sh")
    #expect(ProgramFile.find("sh", in: "/nowhere") == nil)
  }
}

@Suite struct HexadecimalTests {
  @Test func everyByteHasTwoDigits() {
    #expect(([0, 9, 16, 171, 255] as [UInt8]).hex == "000910abff")
    #expect(([] as [UInt8]).hex == "")
  }
}
