namespace Sandan.Contracts.Ceb;

/// <summary>What is wrong with the text of a number.</summary>
internal enum NumberFault
{
    None,
    NotANumber,
    TooManyDigits,
    TooManyDecimals,
    Negative,
}

/// <summary>
/// Numbers as the schemas write them (xs:decimal, xs:int), exactly: a sign, digits, at most one point with digits on one side of
/// it, no exponent. No field may be below zero. As in XSD, totalDigits and fractionDigits bound the value and not its
/// spelling: leading zeros and zeros at the end of the fraction do not count. N19,5 leaves 14 digits before the point, as
/// databases read it (XSD alone would allow 19 there, an amount that nobody pays and few can store).
/// </summary>
internal static class CebNumber
{
    /// <summary>Most digits of any field; they fit 64 bits.</summary>
    private const int DigitsMax = 19;

    public static NumberFault Parse(ReadOnlySpan<char> text, CebField field, out decimal value)
    {
        var fault = Parse(text, field.Length, field.Decimals, out value);
        var isBeyondInt = field.Format == "int" && value > int.MaxValue;
        return fault == NumberFault.None && isBeyondInt ? NumberFault.TooManyDigits : fault;
    }

    /// <summary>
    /// Reads <paramref name="text"/>; <paramref name="value"/> has no zeros at the end of its fraction.
    /// </summary>
    public static NumberFault Parse(ReadOnlySpan<char> text, int digitsMax, int decimalsMax, out decimal value)
    {
        value = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var number = new Mantissa();
        var rest = negative || (text.Length > 0 && text[0] == '+') ? text[1..] : text;
        var point = rest.IndexOf('.');
        var whole = point < 0 ? rest : rest[..point];
        var fraction = point < 0 ? [] : rest[(point + 1)..];
        if (whole.Length + fraction.Length == 0 || !AreDigits(whole) || !AreDigits(fraction))
        {
            return NumberFault.NotANumber;
        }

        fraction = fraction.TrimEnd('0');
        number.Add(whole);
        number.Add(fraction);
        if (negative && number.Digits > 0)
        {
            return NumberFault.Negative;
        }

        if (decimalsMax == 0 && point >= 0)
        {
            return NumberFault.TooManyDecimals;
        }

        if (number.Digits > digitsMax || whole.TrimStart('0').Length > digitsMax - decimalsMax)
        {
            return NumberFault.TooManyDigits;
        }

        if (fraction.Length > decimalsMax)
        {
            return NumberFault.TooManyDecimals;
        }

        var (low, high) = (unchecked((int)number.Value), unchecked((int)(number.Value >> 32)));
        value = new decimal(low, high, 0, isNegative: false, (byte)fraction.Length);
        return NumberFault.None;
    }

    private static bool AreDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private struct Mantissa
    {
        public ulong Value;
        public int Digits;

        public void Add(ReadOnlySpan<char> digits)
        {
            foreach (var digit in digits)
            {
                if (Digits > 0 || digit != '0')
                {
                    Digits++;
                    Value = Digits > DigitsMax ? Value : (Value * 10) + (ulong)(digit - '0');
                }
            }
        }
    }
}
