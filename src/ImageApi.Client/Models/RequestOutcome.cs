namespace ImageApi.Client;

/// <summary>What is known about a request after a call has ended with an error: may it have been carried out, and paid for?</summary>
public enum RequestOutcome
{
    /// <summary>The request may have been carried out and billed. Sending it again may buy the same thing twice.</summary>
    Unknown = 0,

    /// <summary>Nothing of the request's body left this machine. It is safe to send it again.</summary>
    NotSent = 1,

    /// <summary>The server said that it did not carry the request out. Nothing was bought.</summary>
    Rejected = 2,

    /// <summary>The server accepted the request: it was carried out or will be, and counts as bought.</summary>
    Accepted = 3,
}
