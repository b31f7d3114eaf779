/// Why the cache of prepared cases cannot serve; the words are in `description`.
package enum CacheError: Error, Hashable, Sendable, CustomStringConvertible {
  case notPrepared(file: String)
  case damaged(file: String, reason: String)
  case otherVersion(file: String, found: Int, wanted: Int)
  /// Prepared from another dataset, other labels or another preprocessing.
  case foreign(file: String)
  case cannotRead(file: String, reason: String)
  case cannotWrite(file: String, reason: String, advice: String)

  private static let remedy = "give the same `safnet run` again: it prepares the case anew"

  package var description: String {
    switch self {
    case .notPrepared(let file): "\(file): this prepared case is gone (was the cache removed?); \(Self.remedy)"
    case .damaged(let file, let reason): "\(file): damaged (\(reason)); \(Self.remedy)"
    case .otherVersion(let file, let found, let wanted):
      "\(file): written in format \(found), this program reads \(wanted); \(Self.remedy)"
    case .foreign(let file):
      "\(file): prepared from another dataset, or with other labels or another preprocessing; \(Self.remedy)"
    case .cannotRead(let file, let reason): "\(file): cannot be read (\(reason)); \(Self.remedy)"
    case .cannotWrite(let file, let reason, let advice): "\(file): cannot be written (\(reason)); \(advice)"
    }
  }
}
