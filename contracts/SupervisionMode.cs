using System.Text.Json.Serialization;

namespace Sandan.Contracts;

/// <summary>监管方式, field tradeMode. The numbers are the official ones.</summary>
/// <remarks>Source: CEB specification (2022-05) §2.11.4 and announcements 2014-12, 2014-57, 2016-75, 2020-75.</remarks>
[JsonConverter(typeof(JsonNumberEnumConverter<SupervisionMode>))]
public enum SupervisionMode
{
    /// <summary>网购保税: bonded, inside the pilot cities.</summary>
    B2CBonded = 1210,

    /// <summary>网购保税 A: bonded, outside the pilot cities.</summary>
    B2CBondedA = 1239,

    /// <summary>直购: direct purchase, the parcel comes from abroad.</summary>
    B2CDirect = 9610,
}

/// <summary>Into the country or out of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Direction>))]
public enum Direction
{
    /// <summary>进口.</summary>
    Import,

    /// <summary>出口.</summary>
    Export,
}
