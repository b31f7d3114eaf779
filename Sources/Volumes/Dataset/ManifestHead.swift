import Foundation
import Text

/// The first row of a manifest: which column is what, and which channels its images have.
struct ManifestHead {
  static let columns = ["case", "image", "label", "patient"]
  /// What the column of a channel begins with.
  private static let channelMark = "image:"

  /// In small letters, without blanks around them; of channels too behind the mark.
  let names: [String]
  /// As the table calls them; none where there is one column for images.
  let channels: [String]
  /// What is wrong with it.
  let flaws: [String]

  init(_ fields: [String]) {
    let fields = fields.map(Self.trimmed)
    let marked = fields.map { field in
      field.lowercased().hasPrefix(Self.channelMark)
        ? Self.trimmed(String(field.dropFirst(Self.channelMark.count))) : nil
    }
    channels = marked.compactMap(\.self)
    names = zip(fields, marked).map { field, channel in
      channel.map { Self.column(ofChannel: $0) } ?? field.lowercased()
    }
    let shown = fields.isEmpty ? "none" : DatasetNotice.shortList(fields.map { "\"\($0)\"" })
    let (names, isOfChannels) = (names, !channels.isEmpty)
    let needed = Self.columns.filter { wanted in
      guard wanted != "image" || !isOfChannels else { return false }
      let count = names.count { $0 == wanted }
      return count > 1 || (wanted != "patient" && count == 0)
    }
    let own = Self.flaw(of: channels, beside: names)
    flaws =
      (needed.isEmpty ? [] : [Self.words(needed, shown, fields)])
      + (own.map { ["\($0); its columns are \(shown)"] } ?? [])
  }

  /// - Parameter needed: columns that are not there once.
  private static func words(_ needed: [String], _ shown: String, _ fields: [String]) -> String {
    let list = needed.map { "one column named \"\($0)\"" }.joined(separator: " and ")
    let remedy =
      fields.contains { NIfTIFiles.stem($0) != nil }
      ? "it seems to be a case: write a line case,image,label above it"
      : renamings(needed, fields).map { "rename \($0)" } ?? "name them there, such as case,image,label"
    return "needs \(list); its columns are \(shown); \(remedy)"
  }

  /// What other programs call the columns, without joints.
  private static let otherNames: [String: Set<String>] = [
    "case": ["name", "id", "caseid", "casename", "scan", "scanid", "identifier", "key", "uid", "subject", "subjectid"],
    "image": ["img", "imagepath", "imagefile", "images", "scan", "volume", "mri", "t2", "input", "path", "file"],
    "label": [
      "mask", "masks", "seg", "segmentation", "labels", "maskpath", "labelpath", "labelfile", "maskfile", "truth",
      "groundtruth", "gt", "annotation", "target",
    ],
    "patient": ["patientid", "subject", "subjectid", "participant", "participantid", "pid", "person"],
  ]

  /// Whether there is a column for images and one for masks, under names that they have here or elsewhere; or a case's own files.
  static func namesFiles(_ fields: [String]) -> Bool {
    func has(_ column: String) -> Bool {
      fields.map(trimmed).contains { field in
        field.lowercased().hasPrefix(column) || isOther(field, for: column)
          || field.lowercased().nearest(in: [column]) != nil
      }
    }
    return fields.contains { NIfTIFiles.stem(trimmed($0)) != nil } || has("image") && has("label")
  }

  private static func isOther(_ field: String, for column: String) -> Bool {
    otherNames[column]?.contains(field.lowercased().filter { $0.isLetter || $0.isNumber }) == true
  }

  /// Columns under other names than they are read by: `"mask" to label`; what has no column is to be added. Nil where none is.
  private static func renamings(_ needed: [String], _ fields: [String]) -> String? {
    var free = fields.filter { !columns.contains($0.lowercased()) }
    var (renamed, missing) = ([String](), [String]())
    for column in needed {
      let meant =
        free.first { isOther($0, for: column) && (column == "patient" || !isOther($0, for: "patient")) }
        ?? free.first { isOther($0, for: column) } ?? column.nearest(in: free.filter { $0.count > 2 })
      if let meant {
        renamed.append("\"\(meant)\" to \(column)")
        free.removeAll { $0 == meant }
      } else {
        missing.append(column)
      }
    }
    guard !renamed.isEmpty else { return nil }
    let left = free.compactMap { field -> String? in
      isOther(field, for: "patient") ? "\"\(field)\" to patient, if a patient has several cases" : nil
    }
    return renamed.joined(separator: ", ")
      + (missing.isEmpty ? "" : " and add \(missing.map { "\"\($0)\"" }.joined(separator: ", "))")
      + left.map { "; \($0)" }.joined()
  }

  /// What a column that is not read was probably written for, and how that is said here.
  static func meaning(ofUnread name: String) -> String? {
    if isOther(name, for: "patient") { return "rename \(name) to patient to keep a subject's cases in one fold" }
    let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
    if ["fold", "folds", "cvfold"].contains(plain) { return "folds.by \"\(name)\" tests each of its values once" }
    if ["split", "set", "partition", "subset", "phase"].contains(plain) {
      return
        "which cases train is no column's matter: splits_final.json beside the table names the folds, a test set of its own table"
        + " is \"test\": {\"path\": \"test.csv\"}"
    }
    return nil
  }

  /// What keeps columns from being channels.
  private static func flaw(of channels: [String], beside names: [String]) -> String? {
    guard !channels.isEmpty else { return nil }
    if names.contains("image") { return "has a column \"image\" beside those of channels; call it \"image:NAME\" too" }
    if channels.contains("") { return "has a channel without a name; write such as \"image:T1\"" }
    if Set(channels.map { $0.lowercased() }).count < channels.count { return "names two channels alike" }
    return channels.count > ChannelName.most ? "has \(channels.count) channels; \(ChannelName.most) are the most" : nil
  }

  private static func column(ofChannel name: String) -> String { channelMark + name.lowercased() }

  private static func trimmed(_ field: String) -> String { field.trimmingCharacters(in: .whitespaces) }

  /// Whether a column says something of a case, as groups of cases do.
  static func isProperty(_ name: String) -> Bool {
    !columns.contains(name) && !name.isEmpty && !name.hasPrefix(channelMark)
  }

  /// The columns of the channels that are read, by their numbers.
  func images(_ numbers: [Int]) -> [String] {
    channels.isEmpty ? ["image"] : numbers.map { Self.column(ofChannel: channels[$0]) }
  }

  /// The numbers of the channels that are read; the first where there is one column for images.
  func numbers(of choice: ChannelChoice) -> Result<[Int], ChannelList.Refusal> {
    channels.isEmpty ? .success([0]) : ChannelList(named: channels).numbers(of: choice)
  }
}
