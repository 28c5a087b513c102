using Sandan.Contracts.Ceb;

namespace Sandan.Contracts.Tests;

/// <summary>
/// The first document of each official sample (announcement 2018-113), without its dummy signature. What is wrong with a sample
/// is named here.
/// </summary>
public sealed class OfficialSampleTests
{
    private static readonly CebXmlReader Reader = new(CebMessage.All, new CebValidator { IdNumbers = IdNumberCheck.Off });

    public static TheoryData<string, string> Samples => new()
    {
        { "CEB303", "/orderList/0/unit S1012" },
        { "CEB304", "" },
        { "CEB311", "" },
        { "CEB312", "" },
        { "CEB403", "" },
        { "CEB404", "" },
        { "CEB411", "" },
        { "CEB412", "" },
        { "CEB505", "" },
        { "CEB506", "" },
        { "CEB507", "" },
        { "CEB508", "" },
        { "CEB509", "" },
        { "CEB510", "" },
        { "CEB511", "" },
        { "CEB512", "" },
        { "CEB513", "/logisticsStatus S1011" },
        { "CEB514", "" },
        { "CEB603", "/ieFlag S1011; /tradeMode S1011" },
        { "CEB604", "" },
        { "CEB605", "" },
        { "CEB606", "" },
        { "CEB607", "" },
        { "CEB608", "" },
        { "CEB621", "" },
        { "CEB622", "" },
        { "CEB623", "" },
        { "CEB624", "" },
        { "CEB625", "" },
        { "CEB626", "" },
        { "CEB701", "" },
        { "CEB702", "" },
        { "CEB711", "" },
        { "CEB712", "" },
        { "CEB792", "/summaryResultList/0/gseqno S1001; /summaryResultList/1/gseqno S1001" },
    };

    [Theory]
    [MemberData(nameof(Samples))]
    public void A_sample_is_read_and_its_faults_are_named(string type, string faults)
    {
        var read = Reader.Read(Valid.Sample($"official.{type}"));
        Assert.Equal((null, type), (read.Failure?.Reason.En, read.Message!.Type));
        var item = Assert.Single(read.Items);
        var told = string.Join("; ", item.Errors.Concat(item.Warnings).Select(error => $"{error.Pointer} {error.Code}")
            .Concat(read.Remarks.Select(remark => remark.Text.En)));
        Assert.Equal(faults, told);
    }
}
