import Foundation
import Reporting
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite struct PredictionFigureTests {
  @Test func aPredictionWithoutATruthHasTwoTilesAndNoScore() {
    let labels = FigureTests.labels
    let figure = Figure.prediction(
      of: "p<1>", image: labels, labels: labels, structures: ["L1", "L5 & S"], note: "slice 3 of 5", aspect: 1.5)
    #expect(XMLParser(data: Data(figure.svg.utf8)).parse())
    #expect(figure.svg.contains(">Image<") && figure.svg.contains(">Prediction<") && !figure.svg.contains("Truth"))
    #expect(figure.svg.components(separatedBy: "<use ").count == 3)
    #expect(figure.svg.contains("slice 3 of 5") && !figure.svg.contains("—"))
    #expect(figure.svg.contains(labels.contour(of: 2)))
  }
}
