import Compute

extension Dataset {
  /// What the names of its cases, a pattern of them and the lists beside them tell of folds before an image is read.
  package var nameNotices: [String] {
    let excluded = excludedNames
    return DatasetNotice.lines(notices.filter(\.decidesFolds))
      + PatientNames.notices(cases.filter { !excluded.contains($0.name) })
  }

  /// Voxels of some of its images, along D, H and W, as headers say it: enough to know the usual number.
  package var someExtents: [Extent3] {
    let step = max(cases.count / 16, 1)
    return stride(from: 0, to: cases.count, by: step).compactMap { try? NIfTI.readGeometry(cases[$0].image).extent }
  }
}

/// Cases whose names alone tell that several are of one patient: `pat01_t1`, `pat01_t2`, `pat02_t1`.
enum PatientNames {
  /// So many patients at least.
  private static let fewest = 3

  /// Names that are a patient and one of a few visits or sequences, with a pattern that tells the patients apart.
  struct Found {
    var example: [String]
    var images: Int
    var patients: Int
    var pattern: String
  }

  /// One line, or none; nothing where any patient is named.
  static func notices(_ cases: [DatasetCase]) -> [String] {
    guard cases.allSatisfy({ $0.patient == nil }), let found = found(cases.map(\.name)) else { return [] }
    return [
      "\(found.example.joined(separator: " and ")) look like images of one patient (\(found.images) images of"
        + " \(found.patients) patients, by their names), and folds may part them; set dataset.groups to {\"pattern\":"
        + " \"\(found.pattern)\"}, or name the patients in a table (dataset.groups, or a manifest's column patient)"
    ]
  }

  /// The shortest beginning of the names that tells patients; nil where none does.
  static func found(_ names: [String]) -> Found? {
    let most = names.map { cuts(of: $0).count }.max() ?? 0
    for place in 0..<most {
      let parts = names.map { name -> (patient: String, rest: String) in
        let cuts = cuts(of: name)
        guard place < cuts.count else { return (name, "") }
        return (String(name[..<cuts[place]]), plain(String(name[cuts[place]...])))
      }
      if let found = found(names, parts) { return found }
    }
    return nil
  }

  /// Where a patient's name may end: before a separator, or a letter behind a digit.
  private static func cuts(of name: String) -> [String.Index] {
    name.indices.dropFirst().filter { place in
      let (last, next) = (name[name.index(before: place)], name[place])
      return "_-. ".contains(next) || (last.isNumber && next.isLetter)
    }
  }

  /// All dates are one visit.
  private static func plain(_ rest: String) -> String {
    let digits = rest.drop { !$0.isNumber }
    let isDate =
      digits.count == 8 && digits.allSatisfy(\.isNumber) && (digits.hasPrefix("19") || digits.hasPrefix("20"))
    return isDate ? String(rest.prefix(1)) + "DATE" : rest
  }

  private static func found(_ names: [String], _ parts: [(patient: String, rest: String)]) -> Found? {
    let groups = Dictionary(grouping: parts.indices) { parts[$0].patient }
    let rests = Dictionary(grouping: parts.filter { !$0.rest.isEmpty }, by: \.rest)
      .mapValues { Set($0.map(\.patient)).count }
    let several = groups.filter { $0.value.count > 1 }
    // Sites and series have many images and few names: `siteA_01` ... `siteA_40` are no patient's.
    guard groups.count >= fewest, several.count >= 2, rests.count <= groups.count, rests.values.allSatisfy({ $0 > 1 }),
      groups.keys.allSatisfy({ $0.contains(where: \.isNumber) }),
      4 * several.values.reduce(0, { $0 + $1.count }) >= names.count,
      let pattern = pattern(names, parts)
    else { return nil }
    let first = several.values.min { naturallyPrecedes(names[$0[0]], names[$1[0]]) } ?? []
    return Found(
      example: first.prefix(2).map { names[$0] }, images: names.count, patients: groups.count, pattern: pattern)
  }

  /// A regular expression that gives just these patients, the plainest first.
  private static func pattern(_ names: [String], _ parts: [(patient: String, rest: String)]) -> String? {
    let marks = Set(parts.compactMap(\.rest.first)).filter { "_-.".contains($0) }.sorted()
    let candidates =
      marks.flatMap { ["([^\($0)]+)[\($0)].*", "(.+)[\($0)][^\($0)]+", "([^\($0)]+)(?:[\($0)].*)?"] }
      + ["(.*[0-9])[A-Za-z].*", "(.*[0-9])(?:[A-Za-z].*)?"]
    let rests = Set(zip(names, parts).map { String($0.dropFirst($1.patient.count)) }).filter { !$0.isEmpty }.sorted()
    let isPlain =
      rests.count <= 8 && rests.allSatisfy { $0.allSatisfy { $0.isLetter || $0.isNumber || "_- ".contains($0) } }
    let listed = isPlain ? ["(.+?)(?:\(rests.joined(separator: "|")))?"] : []
    return (candidates + listed).first { text in
      guard let expression = try? Regex(text) else { return false }
      return zip(names, parts).allSatisfy { name, part in
        (try? expression.wholeMatch(in: name))?.output[1].substring.map(String.init) == part.patient
      }
    }
  }
}
