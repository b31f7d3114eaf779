/// What people of other programs type behind `safnet report`.
extension ForeignHabits {
  static let ofReport: [Habit] = [
    withForce, ofWorkspaces,
    (
      eachMeasure,
      "Every measure is in a report: leave it out. --print chooses among its tables, and report.tolerances of the experiment has"
        + " the distances of the surface Dice."
    ),
    (names("table tables"), "All tables are written, and --print VALUE prints some of them alone."),
    (
      names("pdf print-pdf to-pdf"),
      "There is no PDF: --format latex writes the tables for one, and a browser prints report.html."
    ),
    (
      names("docx doc word odt"),
      "There is no text document: word processors open report.html, and --format latex writes the tables for LaTeX."
    ),
    (
      names("html csv markdown md figures plots png svg excel xlsx"),
      "--format chooses what is written, and without it everything is: leave it out."
    ),
    (names("case cases subject subjects"), "The overlays show the cases that --overlay names: --overlay VALUE"),
    (
      names("folds fold only variant variants seeds seed").union(others),
      "A report is of all that its experiment asks for; `safnet status EXPERIMENT` shows a part with --only, --folds and --seeds,"
        + " and an experiment of its own (\"extends\", another \"name\") that asks for less has the report of that part."
    ),
  ]
}
