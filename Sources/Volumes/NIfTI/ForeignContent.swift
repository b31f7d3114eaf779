import Text

/// What lies under a volume's name and never was one: the traces of a download or a checkout that went wrong.
package enum ForeignContent: Hashable, Sendable {
  case empty
  /// Of Git LFS or git-annex: a few lines that stand for the file.
  case pointer
  /// A sign-in page, or a notice that something was not found.
  case webPage
  case dicom
  /// Of another program, under a name that it cannot have.
  case other(FileKind)

  /// So many bytes tell.
  static let bytes = DICOMFiles.bytes

  /// - Parameter start: the first bytes of a file, or of what is packed in it; fewer only where there are no more.
  init?(_ start: [UInt8]) {
    // Text tells sooner.
    let text = String(decoding: start.prefix(64), as: UTF8.self).drop(while: { $0.isWhitespace || $0 == "\u{FEFF}" })
    if DICOMFiles.begin(start) {
      self = .dicom
    } else if text.isEmpty {
      self = .empty
    } else if text.hasPrefix("version https://git-lfs") || text.contains("annex/objects/") {
      self = .pointer
    } else if ["<!doctype", "<html", "<?xml", "<head", "<!--"].contains(where: text.lowercased().hasPrefix) {
      self = .webPage
    } else if let kind = FileKind(start), Self.known.contains(kind) {
      self = .other(kind)
    } else {
      return nil
    }
  }

  /// Where a header should be: voxels may begin with zeros, and a file with gzip's sign, but no header does.
  init?(header start: [UInt8]) {
    if let kind = FileKind(start), [.zeros, .compressed].contains(kind) {
      self = .other(kind)
    } else {
      self.init(start)
    }
  }

  private static let known: Set<FileKind> = [
    .excel, .openDocument, .openText, .word, .oldOffice, .archive, .pdf, .richText, .picture, .nrrd, .metaImage, .hdf5,
    .numpy, .database, .json,
  ]

  var words: String {
    switch self {
    case .empty: "is empty; fetch it again"
    case .pointer:
      "is the pointer of Git LFS or git-annex to a file that was not fetched; type git lfs pull (git annex get) in its folder"
    case .webPage: "is a web page, not an image: the download needed a sign-in or another address; fetch it again"
    case .other(let kind): "\(kind.words), whatever its name says, and no NIfTI file; \(Self.remedy(kind))"
    case .dicom: "is DICOM; \(DICOMFiles.remedy("FOLDER")), FOLDER being the one that it lies in"
    }
  }

  private static func remedy(_ kind: FileKind) -> String {
    switch kind {
    case .archive: "unpack it"
    case .compressed: "it was packed twice: unpack it once (gunzip), and keep the name"
    case .nrrd, .metaImage: "another name does not convert it, docs/interchange.md has the line for SimpleITK that does"
    case .picture: "pictures say nothing of millimetres and directions: go back to the scans, DICOM or NIfTI"
    case .hdf5, .numpy: "write it as NIfTI, with the affine of the scan"
    default: "fetch the image again"
    }
  }
}
