namespace ImageApi.Emulator.Generations;

/// <summary>What an order makes, as its model's name tells.</summary>
internal enum GenerationKind
{
    Image,
    Video,
    Audio,
}
