import Foundation
import System

/// `plan.json`: the canonical plan, its identity, and where it was first run. Plain JSON, one member per line, sealed
/// like a journal's line, so that the plan's bytes are kept exactly and any changed bit is found.
package struct StoredPlan: Equatable, Sendable {
  package static let format = 1

  package var identity: String
  package var planJSON: Data
  package var environment: EnvironmentRecord

  package init(identity: String, planJSON: Data, environment: EnvironmentRecord) {
    precondition(!planJSON.contains(UInt8(ascii: "\n")), "a canonical plan is one line")
    precondition(GuardedFile.digest(planJSON) == identity, "\(identity) is not the SHA-256 of the plan")
    (self.identity, self.planJSON, self.environment) = (identity, planJSON, environment)
  }

  func fileContent() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    let head = "{\"format\":\(Self.format),\n\"identity\":\"\(identity)\",\n\"environment\":"
    let text = Data(head.utf8) + (try encoder.encode(environment)) + Data(",\n\"plan\":".utf8) + planJSON
    return SealedText.seal(text + Data("\n}".utf8)) + Data("\n".utf8)
  }

  init(reading url: URL) throws {
    let data = try Descriptor.contents(of: url, limit: Self.longest + 1)
    guard data.count <= Self.longest else {
      throw StoreError.damaged(file: url.path, .tooLong(bytes: data.count, expected: Self.longest))
    }
    guard data.starts(with: Data("{\"format\":".utf8)) else {
      throw StoreError.damaged(file: url.path, .notOurs(expected: "plan"))
    }
    let lines = data.split(separator: UInt8(ascii: "\n"))
    let format = Self.member("{\"format\":", lines, 0).flatMap { Int(String(decoding: $0, as: UTF8.self)) }
    guard data.last == UInt8(ascii: "\n"), SealedText.isIntact(data.dropLast()) else {
      guard let format, format != Self.format else { throw StoreError.damaged(file: url.path, .checksum) }
      throw StoreError.damaged(
        file: url.path,
        .content("it says format \(format), this program writes \(Self.format), and its checksum does not match"))
    }
    if let format, format > Self.format {
      throw StoreError.newerFormat(file: url.path, found: format, known: Self.format)
    }
    guard lines.count == 5, let environment = Self.member("\"environment\":", lines, 2),
      let record = try? Self.decoder.decode(EnvironmentRecord.self, from: environment),
      let identity = Self.member("\"identity\":", lines, 1), let plan = Self.member("\"plan\":", lines, 3, tail: 0)
    else { throw StoreError.damaged(file: url.path, .content("it is not a plan of format \(Self.format)")) }
    (self.environment, planJSON) = (record, plan)
    self.identity = String(decoding: identity.dropFirst().dropLast(), as: UTF8.self)
    guard GuardedFile.digest(plan) == self.identity else {
      throw StoreError.damaged(file: url.path, .content("the plan's SHA-256 is not its identity"))
    }
  }

  /// A plan of a few thousand cases is a hundredth of it; what is longer is no plan, and is not read.
  private static let longest = 64 << 20

  /// The value on line `index` behind `key`, without the `tail` characters that end the line.
  private static func member(_ key: String, _ lines: [Data], _ index: Int, tail: Int = 1) -> Data? {
    guard index < lines.count, lines[index].starts(with: Data(key.utf8)) else { return nil }
    return Data(lines[index].dropFirst(key.utf8.count).dropLast(tail))
  }

  private static var decoder: JSONDecoder {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return decoder
  }
}
