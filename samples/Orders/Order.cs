using System.Text.Json.Serialization;

namespace AkkaStream.Samples.Orders;

/// <summary>What a customer wants.</summary>
/// <param name="Id">Of the order.</param>
/// <param name="Customer">Who ordered: the key of the record, so that a customer's orders keep their order.</param>
/// <param name="Cents">What it costs.</param>
internal sealed record Order(Guid Id, string Customer, int Cents);

/// <summary>What a customer owes after an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Customer">Who pays.</param>
/// <param name="Cents">What the order costs.</param>
/// <param name="BilledBy">Which of the billing services wrote it.</param>
internal sealed record Bill(Guid OrderId, string Customer, int Cents, string BilledBy);

/// <summary>Both as JSON, without reflection.</summary>
[JsonSerializable(typeof(Order))]
[JsonSerializable(typeof(Bill))]
internal sealed partial class ShopJson : JsonSerializerContext;
