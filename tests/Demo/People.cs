namespace Sandan.Demo;

/// <summary>A buyer who does not exist.</summary>
internal sealed record Person(string Name, string IdNumber, string Telephone, string Address);

/// <summary>Invents buyers: form and check digit of their numbers are right, the persons are not real.</summary>
internal sealed class People(Random random)
{
    private const string Surnames = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗";
    private const string GivenNames = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅志文";
    private static readonly string[] Regions = ["110105", "310115", "330106", "410105", "440106", "500103", "510107"];
    private static readonly string[] Cities = ["北京市朝阳区", "上海市浦东新区", "浙江省杭州市西湖区", "河南省郑州市金水区", "广东省广州市天河区", "四川省成都市武侯区"];
    private static readonly int[] Weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

    public Person Next() => new(Name(), IdNumber(), Telephone(), Address());

    private string Name()
    {
        var name = $"{Pick(Surnames)}{Pick(GivenNames)}";
        return random.Next(3) > 0 ? name + Pick(GivenNames) : name;
    }

    /// <summary>Region, birthday, serial number and check digit (GB 11643-1999, ISO 7064 MOD 11-2).</summary>
    private string IdNumber()
    {
        var birthday = new DateOnly(1960, 1, 1).AddDays(random.Next(15_000));
        var digits = $"{Regions[random.Next(Regions.Length)]}{birthday:yyyyMMdd}{random.Next(1_000):000}";
        var sum = digits.Select((digit, at) => (digit - '0') * Weights[at]).Sum();
        return digits + "10X98765432"[sum % 11];
    }

    private string Telephone() => $"1{random.Next(3, 10)}{random.Next(1_000_000_000):000000000}";

    private string Address() =>
        $"{Cities[random.Next(Cities.Length)]}幸福路{random.Next(1, 999)}号{random.Next(1, 40)}栋{random.Next(101, 3000)}室";

    private char Pick(string letters) => letters[random.Next(letters.Length)];
}
