"""How tables of other programs say that somebody left, stayed, or is not known."""

_LEFT = (
    "1,1.0,yes,y,true,t,churn,churned,churner,left,has left,lost,exited,gone,leaver,cancelled,"
    "canceled,closed,attrited,attrited customer,inactive,ended,terminated,quit"
)
_STAYED = (
    "0,0.0,no,n,false,f,active,stay,stayed,stays,staying,retained,loyal,existing,existing customer,"
    "current,open,kept,member,nonchurn,not churned,non churn,non-churn,no churn,not churn"
)
_SOMEBODY = (
    "id,ids,uuid,guid,key,number,no,nr,num,row,rownumber,index,phone,telephone,mobile,msisdn,email,"
    "mail,surname,lastname,firstname,name,ssn,iban,customerid,userid"
)
_ALONE = "customer,client,account,subscriber,member,user,cust,acct,ref,reference,code"
_UNKNOWN = ",na,n/a,nan,null,none,?,-,#n/a,nil"

LEFT = frozenset(_LEFT.split(","))
STAYED = frozenset(_STAYED.split(","))
NAMES_SOMEBODY = frozenset(_SOMEBODY.split(","))
"""Words in the name of a column that may name customers."""
NAMES_ALONE = frozenset(_ALONE.split(","))
"""What such a column may be called whole; with more words it may be a fact, as an account's age."""
UNKNOWN = frozenset(_UNKNOWN.split(","))
