/// Why the cache of prepared cases cannot serve; the words are in `description`.
package enum CacheError: Error, Hashable, Sendable, CustomStringConvertible {
  case notPrepared(file: String)
  case damaged(file: String, reason: String)
  case otherVersion(file: String, found: Int, wanted: Int)
  case cannotWrite(file: String, reason: String)

  package var description: String {
    switch self {
    case .notPrepared(let file): "\(file): this case is not prepared; prepare the dataset first"
    case .damaged(let file, let reason): "\(file): damaged (\(reason)); delete it and prepare the dataset again"
    case .otherVersion(let file, let found, let wanted):
      "\(file): written in format \(found), this program reads \(wanted); delete it and prepare the dataset again"
    case .cannotWrite(let file, let reason):
      "\(file): cannot be written (\(reason)); check free space and permissions"
    }
  }
}
