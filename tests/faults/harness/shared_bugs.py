"""Bugs that several campaigns plant in the processes of the program."""

from tests.faults.harness.campaign import PlantedBug
from tests.faults.harness.planting import in_processes

LOST_COMMITS = PlantedBug(
    "one of seven leads is acknowledged without a commit",
    ("lost", "leads"),
    in_processes(
        """
        from leadtracker.adapters.database.unit_of_work import PeeweeUnitOfWork
        commit, calls = PeeweeUnitOfWork.commit, [0]
        def forgetful(tx):
            calls[0] += 1
            if calls[0] % 7:
                commit(tx)
        PeeweeUnitOfWork.commit = forgetful
        """
    ),
)

_RECORD_BEFORE_SENDING = """
    import threading, time
    from leadtracker.adapters.{module} import {sender}
    from leadtracker.domain.model.deliveries.deliverable import DeliveryResult, Outcome

    send = {sender}.{method}

    def later(self, message):
        def work():
            time.sleep(0.1)
            send(self, message)
        threading.Thread(target=work).start()
        return DeliveryResult(outcome=Outcome.DELIVERED)

    {sender}.{method} = later
"""

POSTS_RECORDED_FIRST = PlantedBug(
    "a post is recorded as delivered before it is sent",
    ("weeks_posted",),
    in_processes(
        _RECORD_BEFORE_SENDING.format(
            module="retool.report_sink", sender="RetoolReportSink", method="deliver"
        )
    ),
)

MAILS_RECORDED_FIRST = PlantedBug(
    "an e-mail is recorded as sent before it is sent",
    ("delivered", "missing_or_foreign_mails"),
    in_processes(
        _RECORD_BEFORE_SENDING.format(
            module="mail.smtp_email_sender", sender="SmtpEmailSender", method="send"
        )
    ),
)
