import Scheduling
import Testing

@Suite struct DevicePoolTests {
  @Test func aDeviceIsHandedOutOnce() {
    var pool = DevicePool(["one", "two"])
    #expect(pool.take(for: "a") == "one" && pool.hasRoom)
    #expect(pool.take(for: "b") == "two" && !pool.hasRoom)
    #expect(pool.take(for: "c") == nil)
    pool.giveBack(from: "c")
    #expect(!pool.hasRoom, "who had none gives none back")
    pool.giveBack(from: "a")
    pool.giveBack(from: "a")
    #expect(pool.take(for: "c") == "one" && !pool.hasRoom)
  }

  /// So that a run whose worker crashed may find another one.
  @Test func whatComesBackIsHandedOutLast() {
    var pool = DevicePool(["one", "two", "three"])
    _ = pool.take(for: "a")
    pool.giveBack(from: "a")
    #expect(["b", "c", "d"].map { pool.take(for: $0) } == ["two", "three", "one"])
  }

  @Test func whereThereAreNoDevicesThereIsRoom() {
    var pool = DevicePool()
    #expect(pool.hasRoom && pool.take(for: "a") == nil && pool.hasRoom)
  }
}
