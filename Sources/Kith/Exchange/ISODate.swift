import Foundation

extension Date {
  /// The date as ISO 8601 in UTC, with as many digits of a second as it takes to read the same date
  /// back; or, if nine don't suffice or the year has more than four digits, the seconds since 2001
  /// began, as `@0.1`.
  var exchangeText: String {
    for digits in [0, 3, 6, 9] {
      if let text = isoText(digits: digits), Date(exchange: text) == self { return text }
    }
    return "@\(timeIntervalSinceReferenceDate)"
  }

  /// The date that a text says: what `exchangeText` writes, and ISO 8601 without the time, without
  /// the seconds, with a blank for the T, and with an offset from UTC. Without one it is UTC.
  init?(exchange text: String) {
    var rest = text.utf8[...]
    if rest.pass("@") {
      guard let seconds = Double(Substring(rest)) else { return nil }
      self.init(timeIntervalSinceReferenceDate: seconds)
      return
    }
    guard let day = rest.passDay() else { return nil }
    var time = (seconds: 0, fraction: 0.0)
    if rest.pass("T") || rest.pass(" ") {
      guard let passed = rest.passTime(), let offset = rest.passOffset() else { return nil }
      time = (passed.seconds - offset, passed.fraction)
    }
    guard rest.isEmpty else { return nil }
    let whole = (day - ISODay.reference) * ISODay.seconds + time.seconds
    self.init(timeIntervalSinceReferenceDate: Double(whole) + time.fraction)
  }

  private func isoText(digits: Int) -> String? {
    let seconds = timeIntervalSinceReferenceDate
    // The years 0 to 9999 lie well within this.
    guard abs(seconds) < 1e12 else { return nil }
    let scale = [1.0, 1e3, 1e6, 1e9][digits / 3]
    var whole = Int(seconds.rounded(.down))
    var part = Int(((seconds - Double(whole)) * scale).rounded())
    if part == Int(scale) { (whole, part) = (whole + 1, 0) }
    let (day, second) = whole.flooredDivision(by: ISODay.seconds)
    guard let date = ISODay(number: day + ISODay.reference).text else { return nil }
    let time = [second / 3600, second / 60 % 60, second % 60].map { $0.padded(to: 2) }
    let fraction = digits == 0 ? "" : "." + part.padded(to: digits)
    return "\(date)T\(time.joined(separator: ":"))\(fraction)Z"
  }
}

/// A day of the Gregorian calendar, which is taken to have been in force always.
///
/// Days are numbered from 1 March of the year 0, so that a leap day is the last of its year: the
/// algorithms `days_from_civil` and `civil_from_days` of Howard Hinnant.
private struct ISODay {
  let year: Int
  let month: Int
  let day: Int

  /// The number of 1 January 2001.
  static let reference = 730_791
  /// The seconds of a day.
  static let seconds = 86_400

  init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  init(number: Int) {
    let (era, dayOfEra) = number.flooredDivision(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shifted + 2) / 5 + 1
    month = shifted < 10 ? shifted + 3 : shifted - 9
    year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0)
  }

  var number: Int {
    let (era, yearOfEra) = (month <= 2 ? year - 1 : year).flooredDivision(by: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
  }

  /// The day as `2001-01-01`, or nil if its year does not have four digits.
  var text: String? {
    guard (0...9999).contains(year) else { return nil }
    return "\(year.padded(to: 4))-\(month.padded(to: 2))-\(day.padded(to: 2))"
  }
}

extension Int {
  /// The quotient, rounded down, and a remainder that is not negative.
  fileprivate func flooredDivision(by divisor: Int) -> (quotient: Int, remainder: Int) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }

  fileprivate func padded(to count: Int) -> String {
    let digits = String(self)
    return String(repeating: "0", count: Swift.max(0, count - digits.count)) + digits
  }
}

extension Substring.UTF8View {
  /// Passes a character, if it comes next.
  fileprivate mutating func pass(_ character: Unicode.Scalar) -> Bool {
    guard first == UInt8(ascii: character) else { return false }
    removeFirst()
    return true
  }

  /// Passes a number of so many digits that lies in a range.
  fileprivate mutating func passNumber(_ digits: Int, in range: ClosedRange<Int>) -> Int? {
    let text = prefix(digits)
    guard text.count == digits, text.allSatisfy(\.isASCIIDigit), let number = Int(Substring(text)),
      range.contains(number)
    else { return nil }
    removeFirst(digits)
    return number
  }

  /// Passes a day, and returns its number.
  fileprivate mutating func passDay() -> Int? {
    guard let year = passNumber(4, in: 0...9999), pass("-"),
      let month = passNumber(2, in: 1...12), pass("-"), let day = passNumber(2, in: 1...31)
    else { return nil }
    let number = ISODay(year: year, month: month, day: day).number
    // 30 February is numbered as a day of March.
    return ISODay(number: number).month == month ? number : nil
  }

  /// Passes a time of day.
  fileprivate mutating func passTime() -> (seconds: Int, fraction: Double)? {
    guard let hour = passNumber(2, in: 0...23), pass(":"), let minute = passNumber(2, in: 0...59)
    else { return nil }
    var time = (seconds: hour * 3600 + minute * 60, fraction: 0.0)
    guard pass(":") else { return time }
    guard let second = passNumber(2, in: 0...59) else { return nil }
    time.seconds += second
    guard pass(".") else { return time }
    let digits = prefix(while: \.isASCIIDigit)
    guard !digits.isEmpty, let fraction = Double("0.\(Substring(digits))") else { return nil }
    removeFirst(digits.count)
    return (time.seconds, fraction)
  }

  /// Passes an offset from UTC, and returns it in seconds: 0 if there is none.
  fileprivate mutating func passOffset() -> Int? {
    if pass("Z") || isEmpty { return 0 }
    let isEast = pass("+")
    guard isEast || pass("-"), let hours = passNumber(2, in: 0...23) else { return nil }
    var minutes = 0
    if pass(":") || !isEmpty {
      guard let passed = passNumber(2, in: 0...59) else { return nil }
      minutes = passed
    }
    return (isEast ? 1 : -1) * (hours * 3600 + minutes * 60)
  }
}
