using Sandan.Contracts.Events;
using Sandan.Matcher.Domain;

namespace Sandan.Matcher.Tests;

/// <summary>Of each document the newest version counts, in whatever order and however often versions come.</summary>
public sealed class DossierTests
{
    [Fact]
    public void Every_order_of_arrival_leaves_the_newest_versions_standing()
    {
        HeldDocument[] versions =
        [
            Waybill(1), Waybill(2), Waybill(3), HeldDocument.Of(Given.Order()), HeldDocument.Of(Given.Payment() with { Document = Withdrawn(2) }),
            HeldDocument.Of(Given.Payment()),
        ];
        for (var shift = 0; shift < versions.Length; shift++)
        {
            foreach (var arrival in (HeldDocument[][])[[.. versions.Skip(shift), .. versions.Take(shift)], [.. versions.Skip(shift).Reverse(), .. versions]])
            {
                var dossier = new Dossier("O1");
                foreach (var version in arrival)
                {
                    dossier.Take(version);
                }

                Assert.Equal(["O1@1", "WAY-1@3"], Standing(dossier));
            }
        }
    }

    [Fact]
    public void What_went_to_another_order_number_stands_here_no_more_though_its_older_version_comes_late()
    {
        var dossier = new Dossier("O1");
        dossier.Leave(Waybill(2, "O2"));
        dossier.Take(Waybill(1));
        Assert.Empty(dossier.Documents);

        dossier.Take(Waybill(3)); // and back again
        Assert.Equal(["WAY-1@3"], Standing(dossier));
    }

    [Fact]
    public void What_is_kept_of_it_opens_it_as_it_was()
    {
        var dossier = new Dossier("O1");
        dossier.Take(HeldDocument.Of(Given.Order()));
        dossier.Take(HeldDocument.Of(Given.Payment()));
        dossier.Take(Waybill(1));
        dossier.Leave(Waybill(1, "O2") with { Number = "WAY-2" });

        var again = new Dossier("O1");
        again.Read(EventBytes.Read<Notes>(EventBytes.Write(dossier.News())));
        Assert.Equal(Standing(dossier), Standing(again));
        Assert.False(again.HasNews);

        again.Take(Waybill(1) with { Number = "WAY-2" }); // the version that went away is known
        again.Take(Waybill(1));
        Assert.False(again.HasNews);
        Assert.Equal(Standing(dossier), Standing(again));
    }

    [Fact]
    public void Only_what_is_new_is_kept_and_of_it_the_newest()
    {
        var kept = new Dossier("O1");
        kept.Take(HeldDocument.Of(Given.Order()));
        var dossier = new Dossier("O1");
        dossier.Read(kept.News());
        dossier.Take(Waybill(1));
        dossier.Take(Waybill(2));

        var news = dossier.News();
        Assert.Empty(news.Orders);
        Assert.Equal(2, Assert.Single(news.Waybills).Document.Version);
    }

    [Fact]
    public void Numbers_of_other_companies_and_kinds_stay_apart()
    {
        var dossier = new Dossier("O1");
        dossier.Take(Waybill(1));
        dossier.Take(Waybill(1) with { CompanyCode = "CARRIER-2" });
        dossier.Take(Waybill(1) with { Kind = DocumentKind.Payment });
        Assert.Equal(3, dossier.Documents.Count());
    }

    private static string[] Standing(Dossier dossier) =>
        [.. dossier.Documents.Select(one => $"{one.Number}@{one.Document.Version}").Order(StringComparer.Ordinal)];

    private static DocumentVersion Withdrawn(int version) => Given.Version(version) with { Deleted = true };

    private static HeldDocument Waybill(int version, string orderNo = "O1") =>
        HeldDocument.Of(Given.Waybill(orderNo) with { Document = Given.Version(version) });
}
