import Foundation

/// libFuzzer's entry: the input is the text of an experiment.
///
/// Whatever it holds, the decoder returns: a specification, or mistakes of which each has its words. What it accepts can be
/// written and read back as the same experiment.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let text = decode(Array(UnsafeBufferPointer(start: bytes, count: count))) else { return 0 }
  precondition(decode(Array(text.utf8)) == text, "another experiment was read back")
  return 0
}

/// The experiment written again; nil when it is refused.
private func decode(_ bytes: [UInt8]) -> String? {
  do {
    let document = try JSONParser.parse(bytes, origin: .file("fuzz.json"))
    let specification = try Specification(document, workingDirectory: URL(fileURLWithPath: "/"))
    return Specification.form().write(specification).map(CanonicalJSON.text)
  } catch let errors as SpecificationErrors {
    precondition(!errors.errors.isEmpty && !errors.description.isEmpty)
  } catch let error as JSONSyntaxError {
    precondition(!error.description.isEmpty)
  } catch {
    preconditionFailure("an error of another kind: \(error)")
  }
  return nil
}
