"""What desks write beside a removal takes nothing from it; what takes it back does, in either order."""

from __future__ import annotations

import pytest

from tests.corpus.mails import URLS, Mail
from tests.corpus.test_mails import decided

BESIDE = """
Please let us know if you come across it again.
If the content reappears, please open a new ticket.
We have also informed our customer about the matter.
The customer was reminded of our terms of service.
We have warned the customer that any repetition leads to termination.
The uploader has been banned.
We've forwarded the details to law enforcement.
The relevant data has been preserved for 90 days.
Logs are available to the police on request.
We take such matters very seriously.
We have zero tolerance for such content.
Your ticket has been closed.
We consider this matter closed.
This ticket will now be closed.
Please do not reply to this message.
You may reply to this e-mail to reopen the ticket.
We apologise for any inconvenience.
Sorry for the late reply, it was a bank holiday.
Thank you for your patience.
Should you have any questions, feel free to contact us.
If you have further questions, please don't hesitate to contact us.
Please verify on your side.
Kindly check and confirm.
Let us know if you still see it.
Please allow up to 24 hours for caches to clear.
It may take a few minutes until all caches have expired.
You may need to clear your browser cache.
Please refresh your browser to see the change.
Have a great day!
For future reports please use our web form at https://www.host.example/abuse.
In future, please send such notices to abuse@host.example.
We remain at your disposal.
Our investigation into the account is ongoing.
We are still investigating how this could happen.
We will continue to monitor the site.
We will keep an eye on this customer.
We will take further action against the account holder.
The account holder will be notified.
The account itself is under review.
We are now checking his other uploads.
We will also review the user's other content.
Our security team will look for further copies.
No further action is required from your side.
We have no further information to share.
Due to privacy regulations we cannot disclose details about the user.
We cannot comment on individual accounts.
The user can appeal this decision within 14 days.
The user has the right to appeal.
We proactively search for similar material.
We would appreciate it if you could send us the file hashes.
Please send us hashes if you have any.
Thank you for making the internet a safer place.
We appreciate your help in keeping our platform safe.
Your reference: N-0007.
This is an automated notification.
Our ticket number is 55-1209.
Please quote this number in all correspondence.
The site belonged to a reseller of ours.
The server was hacked, the owner did not know.
It looks like the account was compromised.
The customer claims that his account was hacked.
The owner says he knew nothing about it.
He told us that he didn't upload it.
We had to wait for the customer's answer, hence the delay.
It took us a while to find it.
We did not notice it before your report.
We were not aware of this content.
Our filters had not caught it.
Unfortunately we can't prevent new uploads.
We can't rule out that it is uploaded again.
We don't know who uploaded it.
The file name was different, though.
I hope this helps.
I hope that this settles the matter.
Feel free to send more.
We look forward to working with you.
Is there anything else we can do for you?
We reserve the right to take legal steps against the user.
We ask for your understanding.
The content had been online for two days.
It was uploaded last Friday.
The file was uploaded on 9 October.
We received your notice at 10:30 today.
This was done in accordance with section 5 of our terms.
We do not allow this on our network.
This kind of content is strictly prohibited on our platform.
Such content violates our acceptable use policy.
We may contact you for further information.
We would be glad if you rated our support.
The domain will be suspended as well.
The domain has been suspended too.
We'll cancel his contract at the end of the month.
The contract has been terminated.
The remaining content of the site is lawful.
The rest of the site is not affected.
We checked the rest of the site and found nothing else.
The other pages of this site remain online.
We have restored the site without the file.
The site itself is back online, without this page.
Backups will expire within 30 days.
The backups have been purged as well.
A copy was kept for the authorities.
We kept a copy offline for the police.
We'll get back to you if we find more.
Thanks again for your report.
Your report helped us.
We confirm receipt of your notice.
We got your mail this morning.
Our moderators reviewed it.
We have reviewed your report.
After careful review, we agree with your assessment.
We have examined the URL you sent.
We looked into this right away.
"""
BACK = """
The customer has put it online again.
Sorry, that was the wrong ticket; yours is still open.
At least that is what the customer tells us.
Correction: it could not be deleted after all.
It was restored an hour later.
It may still be served from the second server.
It will be back once the appeal is through.
Please ignore this, the file is still there.
We could not verify this.
But a new copy was uploaded by the same user.
That was a mistake, it is still online.
The owner uploaded it again.
In some countries it is still available.
Which of the two pages did you mean?
We cannot delete it, though.
It is only hidden for now.
However, this only applies to our German servers.
The mirror run by the same user is up.
We'll do the same for the second location tomorrow.
The deletion has not been replicated yet.
It takes effect at midnight.
Or so the reseller says.
That's what they wrote to us.
I haven't checked it myself.
Nobody has verified this yet.
Please treat this as unconfirmed.
Then the customer put up a new one.
The page can be reached again now.
It came back this afternoon.
It is accessible again.
Visitors with the direct link can open it.
Logged-in members can see it.
It is still in the archive section.
The original remains on the server.
Only the description was affected.
Actually no, I looked at the wrong folder.
My mistake, that was another file.
Please disregard the above.
The user restored it from the bin.
The user may restore it within 30 days.
He can bring it back at any time.
Our legal team wants it restored.
The suspension ends on Friday.
After that the file is released.
It is a temporary measure.
This is for 24 hours only.
We undid that because of an appeal.
The account was reactivated.
The decision has been overturned.
The content remains visible on the app.
The direct URL still works.
Some parts may be left.
But not from the backup site.
The copy at the other address is untouched.
We were wrong, it is online.
"""


def closes(body: str) -> bool:
    return decided(Mail("beside", URLS[:1], (), "", body)).items[0].closes


@pytest.mark.parametrize("text", BESIDE.strip().splitlines())
def test_what_is_written_beside_a_removal_takes_nothing_from_it(text: str) -> None:
    assert closes(f"The file has been removed. {text}")
    assert closes(f"{text} The file has been removed.")


@pytest.mark.parametrize("text", BACK.strip().splitlines())
def test_what_takes_a_removal_back_closes_nothing(text: str) -> None:
    assert not closes(f"The file has been removed. {text}")


@pytest.mark.parametrize(
    "text", ["The customer had uploaded it again this morning.", "We were wrong, it was on our disks."]
)
def test_what_is_told_before_a_removal_takes_nothing_from_it(text: str) -> None:
    assert closes(f"{text} We have now removed the file.")
