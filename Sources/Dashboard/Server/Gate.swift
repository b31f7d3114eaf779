import Foundation
import NIOHTTP1

/// Who may ask, and how: checked before anything is looked up.
///
/// A web page of another origin can make a browser send requests here (and, by rebinding a name of its own to 127.0.0.1,
/// even read the answers): the `Host` must be a name of this server, and an `Origin` the same. Other users of the machine
/// reach the port too: without the token nobody is answered.
package struct Gate: Sendable {
  /// Names and addresses that a browser may call this server by, in lower case, without a port: an SSH line has another.
  let hosts: Set<String>
  let token: AccessToken

  package init(hosts: some Sequence<String>, token: AccessToken) {
    self.hosts = Set(["127.0.0.1", "localhost", "[::1]"] + hosts.map { $0.lowercased() })
    self.token = token
  }

  package enum Entry: Sendable {
    /// - Parameter cookie: to be set: the token came in the address.
    case admitted(Request, cookie: String?)
    case refused(Response)
  }

  package func check(_ head: HTTPRequestHead) -> Entry {
    guard head.method == .GET || head.method == .HEAD else {
      var response = Response.refusal(.methodNotAllowed, "This server only shows: GET and HEAD.")
      response.headers.append(("Allow", "GET, HEAD"))
      return .refused(response)
    }
    guard !Self.hasBody(head.headers) else { return .refused(.refusal(.badRequest, "A GET has no body here.")) }
    let named = head.headers["host"]
    guard named.count == 1, let host = Self.name(named[0]), hosts.contains(host) else {
      return .refused(
        .refusal(.misdirectedRequest, "This server does not go by that name; open the address it printed."))
    }
    let origins = head.headers["origin"]
    guard origins.allSatisfy({ $0.lowercased() == "http://\(named[0].lowercased())" }), origins.count <= 1 else {
      return .refused(.refusal(.forbidden, "Pages of other origins are not answered."))
    }
    guard head.uri.hasPrefix("/"), let request = Request(uri: head.uri) else {
      return .refused(.refusal(.badRequest, "The address cannot be read."))
    }
    return admit(request, head.headers, cookie: Self.cookie(for: named[0]))
  }

  private func admit(_ request: Request, _ headers: HTTPHeaders, cookie: String) -> Entry {
    let kept = headers["cookie"].flatMap { $0.split(separator: ";") }.map { $0.trimmingCharacters(in: .whitespaces) }
      .filter { $0.hasPrefix("\(cookie)=") }
    // Any of them: another program at this address may have set one of the same name, and a browser sends both.
    if kept.contains(where: { token.matches($0.dropFirst(cookie.count + 1)) }) {
      return .admitted(request, cookie: nil)
    }
    if request.path == "/", let given = request.parameters["token"], token.matches(given) {
      return .admitted(request, cookie: "\(cookie)=\(token.text); Path=/; HttpOnly; SameSite=Strict")
    }
    return .refused(
      .refusal(.unauthorized, "Open the whole address that `safnet dashboard` printed: it holds the key."))
  }

  /// Cookies do not know ports, so the name has that which the browser sees.
  private static func cookie(for host: String) -> String {
    "safnet-" + (host.split(separator: ":").last.flatMap { UInt16($0) }.map { "\($0)" } ?? "80")
  }

  private static func hasBody(_ headers: HTTPHeaders) -> Bool {
    headers.contains(name: "transfer-encoding") || headers["content-length"].contains { $0 != "0" }
  }

  /// `127.0.0.1:8000` is `127.0.0.1`; nil for what is no name at all.
  private static func name(_ host: String) -> String? {
    let host = host.lowercased()
    if host.hasPrefix("["), let end = host.firstIndex(of: "]") {
      let rest = host[host.index(after: end)...]
      return rest.isEmpty || (rest.hasPrefix(":") && isPort(rest.dropFirst())) ? String(host[...end]) : nil
    }
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.dropFirst().allSatisfy(isPort) else { return nil }
    return String(parts[0])
  }

  private static func isPort(_ text: Substring) -> Bool {
    UInt16(text) != nil && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
