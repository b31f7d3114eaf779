import Foundation
import PJRT

/// A device as its plugin describes it.
package struct FoundDevice: Sendable, Equatable {
  /// The plugin's file.
  package let plugin: String
  /// `cuda`, `rocm`, `cpu`, ...
  package let platform: String
  /// What kind of device it is: the card's name.
  package let kind: String
  /// The plugin's own version and its interface's.
  package let version: String
  /// How many the plugin has; nil where its clients see none but the card that they were told to take.
  package let count: Int?
  /// Bytes that it may hand out; nil where the plugin does not tell.
  package let memory: Int?

  /// In one line, for records: everything that decides bits.
  package var words: String {
    "\(platform) \(kind), \(version), \(URL(fileURLWithPath: plugin).lastPathComponent)"
  }

  /// Opens the device for a moment: a card's memory is given back at once.
  ///
  /// - Throws: `PJRTError`.
  package init(plugin path: String, device: Int) throws {
    let client = try Client(Plugin(path: path), device: device)
    plugin = path
    (platform, kind, count) = (client.platform, client.deviceKind, client.deviceCount)
    // Several lines where a plugin names the libraries below it too.
    let own = client.platformVersion.split(whereSeparator: \.isNewline).joined(separator: " ")
    version = "\(own), interface \(client.plugin.interface)"
    memory = client.memory.limit
  }
}

/// Opens a device of a plugin's where a crash does no harm; why it cannot be opened here, or nil where it may be tried.
package typealias DeviceRehearsal = @Sendable (_ plugin: String, _ device: Int) -> String?

/// Devices that an engine was asked about: each is opened once for it, which takes a second on a card.
package final class FoundDevices: @unchecked Sendable {
  /// Why there is no such device.
  package struct Refusal: Error {
    /// The plugin's own, or this program's.
    package let words: String
  }

  private struct Key: Hashable {
    let file: String
    let device: Int
  }

  // Only read and written with the lock held.
  private var known: [Key: Result<FoundDevice, Refusal>] = [:]
  private let lock = NSLock()

  private let rehearsal: DeviceRehearsal

  /// Nothing is opened until something is asked.
  ///
  /// - Parameter rehearsal: before this process opens a device.
  package init(rehearsal: @escaping DeviceRehearsal = { _, _ in nil }) { self.rehearsal = rehearsal }

  /// Every device of a plugin, by its number: as many as it counts, or up to the first that it has not.
  package func all(of file: String) -> [FoundDevice] {
    var found: [FoundDevice] = []
    while found.count < found.first?.count ?? .max {
      guard case .success(let next) = description(of: file, device: found.count) else { break }
      found.append(next)
    }
    return found
  }

  /// Of one of them, once it has been rehearsed; nil for `file`: no plugin was found.
  package func description(of file: String?, device: Int) -> Result<FoundDevice, Refusal> {
    guard let file else { return .failure(Refusal(words: PluginPlaces.missing)) }
    return lock.withLock {
      let key = Key(file: file, device: device)
      if let found = known[key] { return found }
      if let words = rehearsal(file, device) {
        known[key] = .failure(Refusal(words: words))
        return .failure(Refusal(words: words))
      }
      let found = Result { try FoundDevice(plugin: file, device: device) }.mapError { Refusal(words: "\($0)") }
      known[key] = found
      return found
    }
  }
}
