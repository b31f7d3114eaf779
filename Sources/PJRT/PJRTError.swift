import CPJRT

/// What can go wrong between this program and a PJRT plugin: always the world's fault, so it is thrown.
package enum PJRTError: Error, Equatable, CustomStringConvertible {
  /// No file of that name, or the loader refuses it.
  case cannotLoad(path: String, words: String)
  /// A library that is no plugin.
  case noPlugin(path: String)
  /// A plugin of another interface; `found` is its own version.
  case otherVersion(path: String, found: String)
  /// The device has no such number.
  case noDevice(number: Int, count: Int)
  /// The device lacks memory.
  case outOfMemory(action: String, words: String)
  /// Anything else that the plugin refuses, in its words.
  case refused(action: String, code: Int, words: String)

  /// One line: what failed, in the plugin's words, and what to do where something can be done.
  package var description: String {
    switch self {
    case .cannotLoad(let path, let words): "the PJRT plugin \(path) cannot be loaded: \(words)"
    case .noPlugin(let path): "\(path) is no PJRT plugin: it has no GetPjrtApi"
    case .otherVersion(let path, let found):
      "the PJRT plugin \(path) has interface \(found), this program knows \(pjrt_major).x: install a plugin of that age"
    case .noDevice(let number, let count):
      "there is no device \(number): the plugin has \(count), numbered from 0"
    case .outOfMemory(let action, let words):
      "the device has too little memory \(action) (\(words)): take a smaller batch or another device"
    case .refused(let action, let code, let words): "the PJRT plugin failed \(action), code \(code): \(words)"
    }
  }
}

extension PJRTError {
  /// Takes a failure over, whose memory it frees.
  fileprivate init(_ failure: UnsafeMutablePointer<cpjrt_failure>, _ action: String, path: String) {
    let (code, words) = (Int(failure.pointee.code), Self.words(failure))
    cpjrt_failure_free(failure)
    self =
      switch code {
      case Int(cpjrt_cannot_load): .cannotLoad(path: path, words: words)
      case Int(cpjrt_no_plugin): .noPlugin(path: path)
      case Int(cpjrt_other_version): .otherVersion(path: path, found: words)
      case Int(pjrt_code_resource_exhausted): .outOfMemory(action: action, words: words)
      default: .refused(action: action, code: code, words: words)
      }
  }

  /// Plugins append a trace of their own source to their words; its first line is the message.
  private static func words(_ failure: UnsafeMutablePointer<cpjrt_failure>) -> String {
    let all = String(cString: cpjrt_failure_words(failure))
    return all.split(separator: "\n", omittingEmptySubsequences: true).first.map(String.init) ?? "no message"
  }

  /// Throws what a call of the shim returned; `action` ends the sentence "the plugin failed ...".
  static func check(_ failure: UnsafeMutablePointer<cpjrt_failure>?, _ action: String, path: String = "") throws {
    if let failure { throw PJRTError(failure, action, path: path) }
  }
}
