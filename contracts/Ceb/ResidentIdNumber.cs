namespace Sandan.Contracts.Ceb;

/// <summary>
/// 公民身份号码, the 18-character number of the resident identity card (GB 11643-1999): 17 digits and a check character by
/// ISO 7064 MOD 11-2. Form and check character only; whether it belongs to the named person is for public security to
/// say.
/// </summary>
public static class ResidentIdNumber
{
    /// <summary>Check characters by the remainder, from 0.</summary>
    private const string CheckCharacters = "10X98765432";

    private static ReadOnlySpan<byte> Weights => [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    /// <summary>True where the form and the check character are right; a lower-case x is taken.</summary>
    public static bool IsValid(ReadOnlySpan<char> number)
    {
        if (number.Length != 18 || number[..17].ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var sum = 0;
        for (var i = 0; i < 17; i++)
        {
            sum += (number[i] - '0') * Weights[i];
        }

        return char.ToUpperInvariant(number[17]) == CheckCharacters[sum % 11];
    }
}
