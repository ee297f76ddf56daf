namespace ImageApi.Emulator.Orders;

/// <summary>What an order makes, as its model's name tells.</summary>
internal enum OrderKind
{
    Image,
    Video,
    Audio,
}
