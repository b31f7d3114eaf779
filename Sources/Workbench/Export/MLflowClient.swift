import Foundation
import JSON
import System

/// What a server asks for before it takes anything.
package enum ServerCredentials: Sendable {
  case token(String)
  case password(user: String, String)
}

/// MLflow's REST interface, as far as runs are written (mlflow.org/docs/latest/rest-api.html). `curl` speaks for us: it
/// knows TLS, proxies and retries; what it is to send goes through a pipe, so that no token stands in a list of processes.
struct MLflowClient {
  /// The server, without a slash at its end.
  let server: String
  /// What the server wants to be shown; nil for nothing.
  let credentials: ServerCredentials?

  /// A server's address without a slash at its end; nil for what is none.
  static func address(_ text: String) -> String? {
    let isPlain = text.unicodeScalars.allSatisfy { $0.value > 32 && $0.value < 127 && $0 != "\"" && $0 != "\\" }
    guard isPlain, text.hasPrefix("http://") || text.hasPrefix("https://") else { return nil }
    return text.hasSuffix("/") ? String(text.dropLast()) : text
  }

  /// What went wrong, with what the server says.
  enum Failure: Error, Equatable, CustomStringConvertible {
    case noCurl
    /// Before anything was sent.
    case absent(server: String)
    case unreachable(server: String, reason: String)
    case refused(call: String, status: Int, message: String)
    case notUnderstood(call: String)

    var description: String {
      switch self {
      case .noCurl: "--to needs the program curl, which is not here. Install it (Debian: apt-get install curl)."
      case .absent(let server):
        "\(server): it does not answer. Start the server there (`mlflow server`), or check the address that --to gives;"
          + " nothing was sent."
      case .unreachable(let server, let reason):
        "\(server): \(reason). What was sent stays there; the same command goes on."
      case .refused(let call, let status, let message):
        "MLflow refuses \(call) (\(status)): \(message). What was sent stays there; the same command goes on."
      case .notUnderstood(let call): "MLflow's answer to \(call) is not understood: is --to an MLflow server?"
      }
    }
  }

  /// Sends an object and returns the answer; nil where the server knows nothing of that name.
  func call(_ name: String, _ body: JSONValue) throws -> JSONNode? {
    let lines = [
      "url = \(Self.quoted("\(server)/api/2.0/mlflow/\(name)"))", "data = \(Self.quoted(CanonicalJSON.text(body)))",
      "header = \"Content-Type: application/json\"",
    ]
    return try send(name, lines)
  }

  /// The experiment of that name, which is asked for before anything is sent; nil where there is none.
  func experiment(named name: String) throws -> String? {
    let lines = [
      "url = \(Self.quoted("\(server)/api/2.0/mlflow/experiments/get-by-name"))", "get",
      "data-urlencode = \(Self.quoted("experiment_name=\(name)"))",
    ]
    do {
      return try send("experiments/get-by-name", lines)?["experiment"]?["experiment_id"]?.text
    } catch Failure.unreachable(let server, _) { throw Failure.absent(server: server) }
  }

  /// Requests that a busy server may be asked again, and how long one may take.
  private static let manners = [
    "silent", "show-error", "retry = 5", "retry-connrefused", "max-time = 120", #"write-out = "\n%{http_code}\n""#,
  ]

  private func send(_ name: String, _ lines: [String]) throws -> JSONNode? {
    let child: ChildProcess
    do throws(ChildProcess.SpawnError) {
      child = try ChildProcess("curl", ["--config", "-"], input: .pipe, output: .pipe, errors: .nothing)
    } catch { throw Failure.noCurl }
    let shown: [String] =
      switch credentials {
      case .token(let token): ["header = \(Self.quoted("Authorization: Bearer \(token)"))"]
      case .password(let user, let word): ["user = \(Self.quoted("\(user):\(word)"))"]
      case nil: []
      }
    _ = child.write((Self.manners + lines + shown).joined(separator: "\n") + "\n")
    child.letGo()
    var output: [String] = []
    while let line = child.readLine() { output.append(line) }
    guard case .exited(code: 0) = child.wait() else {
      throw Failure.unreachable(server: server, reason: "it does not answer")
    }
    // The answer's lines, then the status on a line of its own.
    let status = output.popLast().flatMap { Int($0) } ?? 0
    let text = output.joined(separator: "\n")
    let answer = try? JSONParser.parse(Array(text.utf8), origin: .file(server))
    if status == 200 {
      guard let answer else { throw Failure.notUnderstood(call: name) }
      return answer
    }
    if answer?["error_code"]?.text == "RESOURCE_DOES_NOT_EXIST" { return nil }
    throw Failure.refused(call: name, status: status, message: answer?["message"]?.text ?? String(text.prefix(200)))
  }

  /// A value in curl's configuration.
  private static func quoted(_ text: String) -> String {
    "\"" + text.replacingOccurrences(of: "\\", with: "\\\\").replacingOccurrences(of: "\"", with: "\\\"") + "\""
  }
}
