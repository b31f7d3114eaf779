/// What lies under a volume's name and never was one: the traces of a download or a checkout that went wrong.
package enum ForeignContent: String, Hashable, Sendable, CaseIterable {
  case empty
  /// Of Git LFS or git-annex: a few lines that stand for the file.
  case pointer
  /// A sign-in page, or a notice that something was not found.
  case webPage
  case dicom

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
    } else {
      return nil
    }
  }

  var words: String {
    switch self {
    case .empty: "is empty; fetch it again"
    case .pointer:
      "is the pointer of Git LFS or git-annex to a file that was not fetched; type git lfs pull (git annex get) in its folder"
    case .webPage: "is a web page, not an image: the download needed a sign-in or another address; fetch it again"
    case .dicom: "is DICOM; \(DICOMFiles.remedy("FOLDER")), FOLDER being the one that it lies in"
    }
  }
}
