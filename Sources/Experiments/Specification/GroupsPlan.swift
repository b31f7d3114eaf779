import JSON
import Volumes

/// Where it is written which case is of which patient, of which site, and so on.
package struct GroupsPlan: Sendable, Equatable {
  /// A CSV file with a column `case`.
  package var file: WrittenPath?
  /// A regular expression that the cases' names match.
  package var pattern: String?

  /// Neither is given yet.
  package init() {}

  static var form: Form<GroupsPlan> {
    let record = Form<GroupsPlan>.record(
      "A table of the cases, or a pattern of their names", GroupsPlan(),
      [
        Field(
          "file", \.file, .optional(.path),
          "A CSV file with the columns case, patient (whose cases stay together), and any others: site, scanner, ...;"
            + " relative to this file"),
        Field(
          "pattern", \.pattern, .optional(.regularExpression),
          "A regular expression for the whole name of a case: its first group is the patient, (?<site>...) a column"),
      ])
    return Form(
      schema: record.schema,
      read: { input, starting, errors in
        let before = errors.count
        guard let plan = record.read(input, starting, &errors), errors.count == before else { return nil }
        guard (plan.file == nil) != (plan.pattern == nil) else {
          errors.append(input.error(.broken(rule: "write either file or pattern")))
          return nil
        }
        return plan
      },
      write: record.write)
  }
}

extension Form where Value == String {
  /// A text that `Regex` takes.
  fileprivate static var regularExpression: Form {
    let text = Form<String>.text
    return Form(
      schema: text.schema,
      read: { input, starting, errors in
        guard let pattern = text.read(input, starting, &errors) else { return nil }
        do { _ = try Regex<AnyRegexOutput>(pattern) } catch {
          errors.append(
            input.error(
              .broken(rule: "\"\(pattern)\" is no regular expression (\(error)); write one such as \"(p[0-9]+)_.*\"")))
          return nil
        }
        return pattern
      },
      write: text.write)
  }
}

extension ExcludedCase {
  static var form: Form<ExcludedCase> {
    .record(
      "A case to take out", ExcludedCase(name: "", reason: ""),
      [
        Field("case", \.name, .text, required: true, "Its name"),
        Field("reason", \.reason, .text, required: true, "Why it is taken out, for the report")
          .showing("the mask is of another patient"),
      ])
  }
}
