import Foundation
import Scheduling
import Testing

@Suite struct DevicePoolTests {
  /// "A1" is of variant A.
  private static func run(_ name: String) -> SweepRun {
    let directory = URL(fileURLWithPath: "/runs/\(name)")
    return SweepRun(
      name: name, label: name, variant: String(name.prefix(1)), directory: directory, log: directory, work: 1)
  }

  @Test func aDeviceIsHandedOutOnce() {
    var pool = DevicePool(["one", "two"])
    #expect(pool.take(for: "a") == "one" && pool.hasRoom)
    #expect(pool.take(for: "b") == "two" && !pool.hasRoom)
    #expect(pool.take(for: "c") == nil)
    #expect(pool.giveBack(from: Self.run("c")) == nil && !pool.hasRoom, "who had none gives none back")
    for _ in 0..<2 { #expect(pool.giveBack(from: Self.run("a")) == nil) }
    #expect(pool.take(for: "c") == "one" && !pool.hasRoom)
  }

  /// So that a run whose worker crashed may find another one.
  @Test func whatComesBackIsHandedOutLast() {
    var pool = DevicePool(["one", "two", "three"])
    _ = pool.take(for: "a")
    _ = pool.giveBack(from: Self.run("a"), .crashed)
    #expect(["b", "c", "d"].map { pool.take(for: $0) } == ["two", "three", "one"])
  }

  @Test func whereThereAreNoDevicesThereIsRoom() {
    var pool = DevicePool()
    #expect(pool.hasRoom && pool.take(for: "a") == nil && pool.hasRoom)
    for name in ["a", "b", "c"] { #expect(pool.giveBack(from: Self.run(name), .crashed) == nil && !pool.isSpent) }
  }

  /// Of two devices, the second works on A9 all the while; every end of a worker of the first.
  private static func first(_ ends: [(String, DevicePool.Ending)]) -> (aside: [String], pool: DevicePool) {
    var pool = DevicePool(["one", "two"], variants: ["A", "B"])
    _ = pool.take(for: "x")
    _ = pool.take(for: "A9")
    _ = pool.giveBack(from: run("x"))
    let aside = ends.compactMap { name, ending in
      #expect(pool.take(for: name) == "one")
      return pool.giveBack(from: run(name), ending)
    }
    return (aside, pool)
  }

  @Test func aDeviceOnWhichTwoRunsCrashIsSetAside() {
    var (aside, pool) = Self.first([("A1", .crashed), ("A2", .neither), ("A3", .crashed)])
    #expect(aside == ["one"] && !pool.hasRoom && !pool.isSpent)
    _ = pool.giveBack(from: Self.run("A9"), .worked)
    #expect(pool.take(for: "A1") == "two" && !pool.hasRoom)
  }

  /// One run crashes wherever it is; a device that has served one may serve another.
  @Test func aRunOrAnAccidentIsNoReason() {
    #expect(Self.first([("A1", .crashed), ("A1", .crashed), ("A1", .crashed)]).aside.isEmpty)
    #expect(Self.first([("A1", .worked), ("A2", .crashed), ("A3", .crashed)]).aside.isEmpty)
    #expect(Self.first([("A1", .crashed), ("A2", .worked), ("A3", .crashed)]).aside.isEmpty)
    #expect(Self.first([("A1", .neither), ("A2", .neither)]).aside.isEmpty)
  }

  /// A network that crashes on every device costs its own runs; what crashes every network, on every device, ends the sweep.
  @Test func whereNoDeviceIsSoundTheyAreSpentOnceNetworksDiffer() {
    for variants: Set<String> in [["A"], ["A", "B"]] {
      var pool = DevicePool(["one", "two"], variants: variants)
      for name in ["A1", "A2", "A3", "A4"] {
        #expect(!pool.isSpent)
        _ = pool.take(for: name)
        #expect(pool.giveBack(from: Self.run(name), .crashed) == nil)
      }
      #expect(pool.isSpent == (variants.count == 1))
      _ = pool.take(for: "B1")
      _ = pool.giveBack(from: Self.run("B1"), .crashed)
      #expect(pool.isSpent)
    }
  }
}
