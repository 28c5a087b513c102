using Microsoft.EntityFrameworkCore;

namespace Sandan.Naive;

/// <summary>All tables, in one database.</summary>
internal sealed class BaselineContext(DbContextOptions<BaselineContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<Payment> Payments => Set<Payment>();
    public DbSet<Waybill> Waybills => Set<Waybill>();
    public DbSet<Consignment> Consignments => Set<Consignment>();
    public DbSet<TaxRow> Tax => Set<TaxRow>();
    public DbSet<OutcomeRow> Outcomes => Set<OutcomeRow>();
    public DbSet<CreditRow> Credit => Set<CreditRow>();
    public DbSet<StatisticsRow> Statistics => Set<StatisticsRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configuration) =>
        configuration.Properties<decimal>().HavePrecision(19, 5);

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<Order>().ToTable("orders");
        model.Entity<OrderItem>().ToTable("order_items");
        model.Entity<Payment>().ToTable("payments");
        model.Entity<Waybill>().ToTable("waybills");
        model.Entity<Consignment>().ToTable("consignments");
    }
}
