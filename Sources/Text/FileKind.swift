/// What lies where a text of ours should: a file of another program, known by its first bytes whatever its name says.
package enum FileKind: String, CaseIterable, Sendable {
  case excel
  case openDocument
  case openText
  case word
  /// Of Excel or Word before 2007.
  case oldOffice
  case archive
  case compressed
  case pdf
  case richText
  case webPage
  case picture
  case nifti
  case nrrd
  /// `.mha`, and the header of `.mhd`.
  case metaImage
  case hdf5
  case numpy
  case database
  /// Of Git LFS or git-annex: a few lines that stand for the file.
  case pointer
  case json
  case empty
  /// What a crash leaves of a file that was being written.
  case zeros

  /// - Parameter bytes: of the whole file, or the first and the last ones: what a zip archive holds stands at its end.
  package init?(_ bytes: some BidirectionalCollection<UInt8>) {
    let start = Array(bytes.prefix(400))
    if let one = Self.signs.first(where: { start.starts(with: $0.sign) }) {
      self = one.kind == .archive ? Self.archive(of: bytes) : one.kind
    } else if start.count > 347, start[344] == UInt8(ascii: "n"),
      [[0x5C, 1, 0, 0], [0, 0, 1, 0x5C]].contains(start[..<4])
    {
      self = .nifti
    } else if bytes.isEmpty {
      self = .empty
    } else if start.allSatisfy({ $0 == 0 }) {
      self = .zeros
    } else if let kind = Self.text(start) {
      self = kind
    } else {
      return nil
    }
  }

  private static let signs: [(sign: [UInt8], kind: FileKind)] = [
    (Array("PK\u{3}\u{4}".utf8), .archive), (Array("PK\u{5}\u{6}".utf8), .archive), (Array("Rar!".utf8), .archive),
    ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], .archive), ([0xD0, 0xCF, 0x11, 0xE0], .oldOffice),
    ([0x1F, 0x8B], .compressed),
    (Array("BZh".utf8), .compressed), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], .compressed), (Array("%PDF-".utf8), .pdf),
    (Array("{\\rtf".utf8), .richText), ([0x89] + Array("PNG".utf8), .picture), ([0xFF, 0xD8, 0xFF], .picture),
    (Array("NRRD000".utf8), .nrrd), (Array("ObjectType".utf8), .metaImage), ([0x89] + Array("HDF".utf8), .hdf5),
    ([0x93] + Array("NUMPY".utf8), .numpy),
    (Array("SQLite format 3".utf8), .database),
  ]

  /// Office programs pack folders of known names.
  private static func archive(of bytes: some BidirectionalCollection<UInt8>) -> FileKind {
    let text = String(decoding: bytes.prefix(looked) + Array(bytes.suffix(looked)), as: UTF8.self)
    if text.contains("xl/workbook") { return .excel }
    if text.contains("word/document") { return .word }
    if text.contains("opendocument.text") { return .openText }
    return text.contains("opendocument.spreadsheet") ? .openDocument : .archive
  }

  private static let endings: [String: FileKind] = [
    "xlsx": .excel, "xlsm": .excel, "xlsb": .excel, "ods": .openDocument, "odt": .openText, "docx": .word,
    "docm": .word,
  ]

  /// The same by its name, of an archive that does not show what it holds, as one that was cut off.
  package func named(_ name: String) -> FileKind {
    let ending = name.lowercased().split(separator: ".").last.map(String.init) ?? ""
    return self == .archive ? Self.endings[ending] ?? self : self
  }

  /// So many bytes at either end tell what an archive holds.
  package static let looked = 1 << 16

  private static func text(_ start: [UInt8]) -> FileKind? {
    let text = String(decoding: start, as: UTF8.self).drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if text.hasPrefix("version https://git-lfs") || text.prefix(100).contains("annex/objects/") { return .pointer }
    if ["<!doctype", "<html", "<?xml", "<head", "<body"].contains(where: text.lowercased().hasPrefix) {
      return .webPage
    }
    return text.firstMatch(of: /^(\{\s*["}]|\[\s*[{\["\]])/) == nil ? nil : .json
  }

  /// "is an Excel workbook".
  package var words: String {
    switch self {
    case .excel: "is an Excel workbook"
    case .openDocument: "is an OpenDocument spreadsheet"
    case .openText: "is an OpenDocument text"
    case .word: "is a Word document"
    case .oldOffice: "is a file of Excel or Word from before 2007"
    case .archive: "is an archive (zip, rar, 7z)"
    case .compressed: "is compressed (gzip, bzip2, xz)"
    case .pdf: "is a PDF"
    case .richText: "is formatted text (RTF)"
    case .webPage: "is a web page"
    case .picture: "is a picture (PNG, JPEG)"
    case .nifti: "is a NIfTI image"
    case .nrrd: "is an NRRD image"
    case .metaImage: "is a MetaImage (.mha, .mhd)"
    case .hdf5: "is an HDF5 file"
    case .numpy: "is an array of NumPy"
    case .database: "is an SQLite database"
    case .pointer: "is the pointer of Git LFS or git-annex to a file that was not fetched"
    case .json: "is JSON"
    case .empty: "is empty"
    case .zeros: "holds zeros only, as after a crash while it was written"
    }
  }

  /// What makes a table of it: CSV in UTF-8.
  ///
  /// - Parameter columns: those that it needs.
  package func tableRemedy(columns: [String]) -> String {
    let (list, line) = (columns.joined(separator: ", "), columns.joined(separator: ","))
    return switch self {
    case .excel, .openDocument, .oldOffice:
      "open it and save it as CSV (UTF-8); another name alone does not make it one"
    case .word, .openText, .pdf, .richText, .picture:
      "write what is in it as a table with the columns \(list), and save that as CSV (UTF-8)"
    case .archive, .compressed: "unpack it, and give what was in it"
    case .webPage: "the download needed a sign-in or another address: fetch it again"
    case .pointer: "type git lfs pull (git annex get) in its folder"
    case .nifti: "give a CSV file with the columns \(list)"
    case .nrrd, .metaImage, .hdf5, .numpy, .database:
      "write a CSV file with the columns \(list); images are read from NIfTI files"
    case .json: "a table is written as CSV: the line \(line), and then one for each case"
    case .empty: "write the line \(line), and then one for each case"
    case .zeros: "fetch or write it again"
    }
  }

  /// How to go on where JSON should stand.
  package var documentRemedy: String {
    switch self {
    case .excel, .openDocument, .oldOffice, .word, .openText, .pdf, .richText, .picture:
      "save it as plain text (UTF-8), in JSON"
    case .archive, .compressed: "unpack it first"
    case .webPage, .zeros: "fetch or write it again"
    case .pointer: "type git lfs pull (git annex get) in its folder"
    case .nifti, .nrrd, .metaImage, .hdf5, .numpy, .database, .json: "give the JSON file"
    case .empty: "write it, or fetch it again"
    }
  }
}
