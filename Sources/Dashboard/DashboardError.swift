/// Why a dashboard cannot be shown, or not any longer.
package enum DashboardError: Error, Equatable, CustomStringConvertible {
  case address(host: String, port: Int, reason: String)
  /// No port of it helps.
  case host(String, reason: String)
  /// What was listened at is lost.
  case ended(host: String, port: Int, reason: String)

  package var description: String {
    switch self {
    case .address(let host, let port, let reason):
      "\(host), port \(port), cannot be listened at (\(reason)): give another --port, or 0 for a free one"
    case .host(let host, let reason):
      "\(host) cannot be listened at (\(reason)): give an address of this machine with --host"
    case .ended(let host, let port, let reason):
      "\(host), port \(port), is not listened at any more (\(reason)): give the same command again, and open the address that it"
        + " prints; what is being trained goes on"
    }
  }
}
