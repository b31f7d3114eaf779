import Foundation

/// Images of patients, which are not in the repository: in the folder `$SAFNET_DATA`, or in `data` of the checkout. Tests
/// that need them are skipped where they are missing.
package enum RealData {
  package static func folder(_ name: String) -> URL {
    let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let given = ProcessInfo.processInfo.environment["SAFNET_DATA"]
    return (given.map { URL(filePath: $0) } ?? checkout.appending(path: "data")).appending(path: name)
  }
}
