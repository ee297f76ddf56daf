namespace PosterShop;

/// <summary>What a customer sends.</summary>
public sealed record PosterOrder(string Motif);
