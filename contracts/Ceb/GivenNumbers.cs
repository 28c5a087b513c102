using System.Globalization;

namespace Sandan.Contracts.Ceb;

/// <summary>
/// Numbers that e-port and customs give to a declaration: both from one that this platform counts, so that a repeat has the same.
/// </summary>
/// <param name="Number">From 1, of the whole platform; 0 stands where a receipt must have one and none was given [proposed].</param>
/// <param name="Since">When the first version of the document was received.</param>
public sealed record GivenNumbers(long Number, DateTimeOffset Since)
{
    private const long Places = 1_000_000_000;

    /// <summary>
    /// First letter of a preNo: B inventory, C cancellation, T return, as in live receipts; P summary, as in the official sample of CEB702; A
    /// arrival, D departure, W master/house list, R warehousing [proposed: none was seen]. Null for a message that has no preNo.
    /// </summary>
    public static char? LetterOf(CebMessage message) => message.Type switch
    {
        "CEB621" or "CEB603" => 'B',
        "CEB623" or "CEB605" => 'C',
        "CEB625" or "CEB213" or "CEB215" => 'T',
        "CEB507" => 'A',
        "CEB509" => 'D',
        "CEB607" => 'W',
        "CEB701" => 'P',
        "CEB711" => 'R',
        _ => null,
    };

    /// <summary>preNo, 18 characters: a letter, the Shanghai day and nine digits.</summary>
    public string PreNo(char letter) => string.Create(CultureInfo.InvariantCulture, $"{letter}{Day:yyyyMMdd}{Number % Places:D9}");

    /// <summary>invtNo, 18 characters: customs office, year, I or E and nine digits, as in live receipts.</summary>
    public string InvtNo(string customsCode, Direction direction) =>
        string.Create(CultureInfo.InvariantCulture, $"{customsCode}{Day:yyyy}{(direction == Direction.Import ? 'I' : 'E')}{Number % Places:D9}");

    /// <summary>sumNo, 18 characters: S, the Shanghai day and nine digits, as in the official sample of CEB702.</summary>
    public string SumNo => PreNo('S');

    private DateTimeOffset Day => Since.ToOffset(ShanghaiTime.Offset);
}
