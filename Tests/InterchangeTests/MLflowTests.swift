import Foundation
import TestSupport
import Testing

/// What is sent to a server, seen by a `curl` that writes it down and answers as a server does;
/// `Golden/mlflow_oracle.py` sends to MLflow itself.
@Suite struct MLflowTests {
  private let program: TrainedSweep

  init() throws {
    program = try TrainedSweep()
    let script = """
      #!/bin/bash
      # Keeps every request; refuses those from the number in `limit` on.
      folder=$(dirname "$0")
      number=$(ls "$folder"/request-* 2>/dev/null | wc -l)
      [ -e "$folder/limit" ] && [ "$number" -ge "$(cat "$folder/limit")" ] && exit 7
      cat > "$folder/request-$(printf %04d $number)"
      request=$(cat "$folder/request-$(printf %04d $number)")
      case "$request" in
        *get-by-name*) answer='{"experiment": {"experiment_id": "7"}}' ;;
        *runs/search*) answer='{}' ;;
        *runs/create*) answer="{\\"run\\": {\\"info\\": {\\"run_id\\": \\"r$number\\"}}}" ;;
        *) answer='{}' ;;
      esac
      printf '%s\\n200\\n' "$answer"
      """
    try writeProgram(script, to: program.folder.appending(path: "bin/curl"))
  }

  private func export(_ environment: [String: String] = [:]) throws -> ChildProgram.Result {
    let path = "\(program.folder.path)/bin:\(ProcessInfo.processInfo.environment["PATH"] ?? "")"
    let arguments = ["export", "--experiment", "small.json", "--variant", "SAFNet", "--format", "mlflow"]
    return try program.start(
      arguments + ["--to", "http://server:5000/"], environment: environment.merging(["PATH": path]) { $1 }
    ).wait()
  }

  private var requests: [String] {
    get throws {
      try program.names("bin").filter { $0.hasPrefix("request-") }.map { try program.text("bin/\($0)") }
    }
  }

  @Test func everyRunIsMadeBelowItsVariantAndSent() throws {
    let result = try export(["MLFLOW_TRACKING_TOKEN": "secret\"word"])
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output == "http://server:5000/: 2 runs as mlflow\n")
    let all = try requests
    #expect(all.allSatisfy { $0.contains("url = \"http://server:5000/api/2.0/mlflow/") })
    #expect(all.allSatisfy { $0.contains(#"header = "Authorization: Bearer secret\"word""#) })
    let made = all.filter { $0.contains("runs/create") }
    #expect(made.count == 3 && !made[0].contains("mlflow.parentRunId"))
    #expect(made.dropFirst().allSatisfy { $0.contains(#"{\"key\":\"mlflow.parentRunId\",\"value\":\"r2\"}"#) })
    let text = all.joined()
    for part in [
      #"\"key\":\"training.learningRate\""#, #"\"key\":\"training/loss\""#, #"\"key\":\"validation_dice/L5-S\""#,
      #"\"key\":\"test/mean_dice_lower95\""#, #"\"status\":\"FINISHED\""#, #"\"value\":\"complete\""#,
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(!text.contains(#"fold.train"#))
  }

  @Test func aServerThatDoesNotAnswerEndsTheExport() throws {
    try "5".write(to: program.folder.appending(path: "bin/limit"), atomically: false, encoding: .utf8)
    let result = try export()
    #expect(result.status == 1, "\(result.errors)")
    #expect(result.errors.contains("http://server:5000: it does not answer. What was sent stays there"))
    #expect(try requests.count == 5)
  }

  @Test func aServerThatNeverAnsweredGotNothing() throws {
    try "0".write(to: program.folder.appending(path: "bin/limit"), atomically: false, encoding: .utf8)
    let result = try export()
    #expect(result.status == 1 && !result.errors.contains("What was sent"), "\(result.errors)")
    #expect(result.errors.contains("http://server:5000: it does not answer. Start the server there"))
    #expect(result.errors.contains("or check the address that --to gives; nothing was sent."))
  }
}
