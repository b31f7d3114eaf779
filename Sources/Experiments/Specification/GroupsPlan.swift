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
          "pattern", \.pattern, .optional(.text),
          "A regular expression for the whole name of a case: its first group is the patient, (?<site>...) a column"),
      ])
    return Form(
      schema: record.schema,
      read: { input, starting, errors in
        guard let plan = record.read(input, starting, &errors) else { return nil }
        guard (plan.file == nil) != (plan.pattern == nil) else {
          errors.append(input.error(.broken(rule: "write either file or pattern")))
          return nil
        }
        return plan
      },
      write: record.write)
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
