namespace Sandan.Demo;

/// <summary>An article of a shop, as filed.</summary>
/// <param name="HsCode">Ten digits; the first eight stand on the positive list but where the name says otherwise.</param>
/// <param name="LegalUnit">First legal unit: 035 kg, 095 litre, 011 piece.</param>
/// <param name="Rate">Combined rate inside the limits, for the tax that the shop withholds (财关税〔2018〕49号).</param>
internal sealed record Article(
    string ItemNo, string HsCode, string Name, string Model, string Unit, decimal Price, string LegalUnit,
    decimal LegalQuantity, decimal WeightKg, string Country, decimal Rate);

/// <summary>What the shops of the demonstration sell.</summary>
internal static class Goods
{
    public static readonly IReadOnlyList<Article> Shop =
    [
        new("CREAM-50", "3304990039", "保湿面霜", "保湿面霜|50毫升|玻璃瓶", "142", 168m, "035", 0.05m, 0.18m, "116", 0.091m),
        new("CREAM-30", "3304990039", "精华液", "精华液|30毫升|玻璃瓶", "142", 268m, "035", 0.05m, 0.12m, "133", 0.091m),
        new("MILK-900", "1901101000", "婴幼儿配方奶粉", "1段|900克|罐装", "122", 198m, "035", 0.9m, 1.1m, "609", 0.091m),
        new("DIAPER-M", "9619001100", "婴儿纸尿裤", "M码|64片|包装", "125", 109m, "035", 2.1m, 2.3m, "116", 0.091m),
        new("OLIVE-750", "1509100000", "特级初榨橄榄油", "750毫升|玻璃瓶", "142", 88m, "035", 0.7m, 1.2m, "312", 0.063m),
        new("HONEY-500", "0409000000", "麦卢卡蜂蜜", "500克|塑料瓶", "142", 159m, "035", 0.5m, 0.65m, "609", 0.063m),
        new("WINE-750", "2204210000", "赤霞珠干红葡萄酒", "750毫升|13.5%vol", "142", 128m, "095", 0.75m, 1.3m, "305", 0.179m),
        new("SHAMPOO-400", "3305100090", "洗发水", "400毫升|塑料瓶", "142", 69m, "035", 0.4m, 0.46m, "133", 0.091m),
    ];

    /// <summary>Not on the positive list: tax rejects it.</summary>
    public static readonly Article NotListed =
        new("CIGAR-10", "2402100000", "雪茄烟", "10支装", "140", 300m, "054", 0.01m, 0.2m, "410", 0.091m);

    /// <summary>Sold but never filed: tax holds it.</summary>
    public static readonly Article NotFiled =
        new("NOT-FILED", "3304990039", "未备案面膜", "5片装", "140", 99m, "035", 0.125m, 0.2m, "133", 0.091m);
}
