namespace Sandan.Demo;

/// <summary>A company of the demonstration, with the key of its role.</summary>
internal sealed record Company(string Code, string Name, string Role, string Key);

/// <summary>Everybody who takes part in the day.</summary>
internal sealed record World(
    IReadOnlyList<Company> Platforms,
    IReadOnlyList<Company> Sellers,
    IReadOnlyList<Company> PaymentCompanies,
    IReadOnlyList<Company> LogisticsCompanies,
    IReadOnlyList<Company> Declarants,
    string CustomsKey,
    string OperatorKey);
