import CPJRT

/// A plugin at work on one device: what compiles programs and holds buffers.
///
/// Not for several threads at a time. Programs and buffers keep their client.
package final class Client {
  /// The plugin that it runs on.
  package let plugin: Plugin
  /// `cpu`, `cuda`, `rocm`, ...
  package let platform: String
  /// What the plugin says of its own version and of the libraries below it.
  package let platformVersion: String
  /// What kind of device it is: the card's name.
  package let deviceKind: String
  /// How many devices the plugin has; nil where this client sees only the one that it was told to take.
  package let deviceCount: Int?
  let handle: OpaquePointer
  let device: OpaquePointer
  private let deviceNumber: Int

  /// - Parameter device: its place among the plugin's devices, from 0.
  /// - Throws: `PJRTError`: the plugin finds no device, or has none of that number.
  package init(_ plugin: Plugin, device: Int) throws {
    self.plugin = plugin
    let table = plugin.table
    var handle: OpaquePointer?
    try PJRTError.check(cpjrt_client(table, plugin.takesCards ? Int64(device) : -1, &handle), "to find a device")
    self.handle = handle!
    platform = try Self.text(table, pjrt_client_platform_name, handle!)
    platformVersion = try Self.text(table, pjrt_client_platform_version, handle!)
    var (devices, count): (UnsafePointer<OpaquePointer>?, Int) = (nil, 0)
    try PJRTError.check(cpjrt_devices(table, handle!, &devices, &count), "to list its devices")
    // A client that was told which card to take sees that one alone.
    let place = plugin.takesCards ? 0 : device
    guard place >= 0, place < count else { throw PJRTError.noDevice(number: device, count: count) }
    (self.device, deviceCount) = (devices![place], plugin.takesCards ? nil : count)
    var (number, kind, length): (Int32, UnsafePointer<CChar>?, Int) = (0, nil, 0)
    try PJRTError.check(cpjrt_device(table, self.device, &number, &kind, &length), "to describe its device")
    (deviceNumber, deviceKind) = (Int(number), Self.string(kind, length))
  }

  deinit { cpjrt_client_free(plugin.table, handle) }

  private static func string(_ text: UnsafePointer<CChar>?, _ count: Int) -> String {
    String(decoding: UnsafeRawBufferPointer(start: text, count: text == nil ? 0 : count), as: UTF8.self)
  }

  private static func text(
    _ table: UnsafePointer<pjrt_table>, _ place: pjrt_place, _ client: OpaquePointer
  ) throws -> String {
    var (text, count): (UnsafePointer<CChar>?, Int) = (nil, 0)
    try PJRTError.check(cpjrt_client_text(table, place, client, &text, &count), "to name its platform")
    return string(text, count)
  }

  /// Bytes that the device has handed out at most so far, and may hand out; nil where the plugin does not tell.
  package var memory: (peak: Int?, limit: Int?) {
    var (peak, limit): (Int64, Int64) = (-1, -1)
    cpjrt_device_memory(plugin.table, device, &peak, &limit)
    return (peak < 0 ? nil : Int(peak), limit < 0 ? nil : Int(limit))
  }

  /// Compiles StableHLO text for this client's device.
  ///
  /// - Parameter flags: XLA's own options by name, without dashes; all are yes or no.
  /// - Throws: `PJRTError` with the compiler's words.
  package func compile(_ text: String, flags: [String: Bool] = [:]) throws -> Program {
    var (program, outputs): (OpaquePointer?, Int) = (nil, 0)
    let options = CompileOptions(device: deviceNumber, flags: flags).bytes
    var text = text
    try text.withUTF8 { source in
      try source.withMemoryRebound(to: CChar.self) { source in
        try PJRTError.check(
          cpjrt_compile(
            plugin.table, handle, source.baseAddress!, source.count, options, options.count, &program, &outputs),
          "to compile")
      }
    }
    return Program(client: self, handle: program!, outputs: outputs)
  }
}
